/** The bundle of tests: the product's types, and an errand that only the kernel's own tests have. */
export * from '../../workflows/index';
export { live as errand } from '../../workflows/life';
