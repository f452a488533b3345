/** What waiting and repeating cannot cure: a process that meets it ends. */
export class Hopeless extends Error {
  override name = 'Hopeless';
}
