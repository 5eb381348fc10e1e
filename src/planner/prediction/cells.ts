/** Observations in blocks that share their effects. */
export class Cells {
  readonly prior: number[] = [];
  /** Number of observations; fractions are legal. */
  readonly count: number[] = [];
  /** Their sum. */
  readonly total: number[] = [];
  /** x_c. */
  readonly covariate: number[] = [];
  readonly groupsOf: (readonly number[])[] = [];
  /** Effects whose covariances are wanted though no block has them together. */
  readonly wanted: (readonly number[])[] = [];
  /** First cell of each block, and the number of cells. */
  readonly blockStart: number[] = [0];

  get numBlocks(): number {
    return this.groupsOf.length;
  }

  /** Adds a cell to the block that is being filled. */
  add(prior: number, count: number, total: number, covariate = 0): void {
    this.prior.push(prior);
    this.count.push(count);
    this.total.push(total);
    this.covariate.push(covariate);
  }

  /** Ends the block: its cells are those added since the last one ended. */
  endBlock(groups: readonly number[]): void {
    this.groupsOf.push(groups);
    this.blockStart.push(this.prior.length);
  }
}
