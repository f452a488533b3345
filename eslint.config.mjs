import tseslint from 'typescript-eslint';

const sizes = {
  'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
  'max-params': ['error', 4],
  'max-depth': ['error', 3],
  complexity: ['error', 12],
};

/** What runs in the sandbox, and what is pure, may import types from everywhere and code from almost nowhere. */
const only = (patterns, message) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    { patterns: patterns.map((regex) => ({ regex, message, allowTypeImports: true })) },
  ],
});

const timeless = {
  'no-restricted-syntax': [
    'error',
    {
      selector: "MemberExpression[object.name='Date'][property.name='now']",
      message: 'Time is a parameter here.',
    },
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'Time is a parameter here.',
    },
    {
      selector: "MemberExpression[object.name='Math'][property.name='random']",
      message: 'Chance is a parameter here.',
    },
  ],
};

export default tseslint.config(
  { ignores: ['node_modules', '.data', 'coverage', '**/*.cjs', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...sizes,
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: ['workflows/{life,mail,sla-run,index}.ts', 'workflows/life/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: only(
      ['^(?!@temporalio/(workflow|common)$|\\./)', '(registry|process|rules|inputs)$'],
      'The sandbox imports @temporalio/workflow and types, nothing else (docs/architecture.md).',
    ),
  },
  {
    // The pure half of the domain; its I/O half is held by the import rules (.dependency-cruiser.cjs).
    files: [
      'workflows/**/*.ts',
      'models/{changes,filter,sla,users,tickets}/**/*.ts',
      'models/{instant,errors}.ts',
    ],
    ignores: ['**/*.test.ts', 'workflows/{life,mail,sla-run}.ts', 'workflows/life/**'],
    rules: timeless,
  },
  {
    files: ['**/*.test.ts', 'tests/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
    },
  },
  { files: ['config.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['scripts/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['models/migrations/**'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
);
