/** The few ways we colour text, and the paper it is written on. */
export interface Paint {
  /** Places of a line. */
  readonly width: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly mixed: (text: string) => string;
}
