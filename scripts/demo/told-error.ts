/** Something the person at the terminal can understand and set right: printed without a stack. */
export class ToldError extends Error {
  override readonly name = 'ToldError';
}
