/** What no further attempt can cure: the work fails for good at once, however many attempts are left. */
export class HopelessWork extends Error {
  override name = 'HopelessWork';
}
