/** Values of two goals, less is better. */
export type Corner = readonly [number, number];

/** Values that plans may have on both goals: above `low`, below `high`. */
interface Box {
  readonly low: Corner;
  readonly high: Corner;
}

type Probed =
  | { readonly kind: "found"; readonly at: Corner; readonly isProven: boolean }
  /** Proven that no plan is below the corner. */
  | { readonly kind: "none" }
  | { readonly kind: "open" };

export interface BoxSearch {
  /** The best of each goal alone: no plan is below. */
  readonly ideal: Corner;
  /** Values of known plans at most, by which boxes without an end are measured. */
  readonly reach: Corner;
  /** The plan best on the third goal among those below a corner. */
  readonly probe: (below: Corner) => Promise<Probed>;
  /** What a value must be better by to count as another one. */
  readonly step: Corner;
  readonly isEnough: () => boolean;
}

/**
 * Looks through the values of two goals for plans that none is better than on all three: of the largest box the plan that is best on the
 * third goal, then the box is split at it, and what this plan is better than is left out (Kirlik & Sayın, European Journal of Operational
 * Research 232, 2014, algorithm 1).
 *
 * @returns whether it is proven that nothing is left
 */
export async function searchBoxes({ ideal, reach, probe, step, isEnough }: BoxSearch): Promise<boolean> {
  let boxes: Box[] = [{ low: ideal, high: [Infinity, Infinity] }];
  let isProven = true;
  while (boxes.length > 0) {
    if (isEnough()) return false;
    const box = largest(boxes, reach);
    const probed = await probe(box.high);
    if (probed.kind === "found") {
      isProven &&= probed.isProven;
      boxes = boxes
        .flatMap((one) => split(one, probed.at))
        .filter((one) => !(isAtLeast(one.low, probed.at) && isAtLeast(box.high, one.high)))
        .filter(({ low, high }) => high[0] - low[0] > step[0] && high[1] - low[1] > step[1]);
    } else {
      isProven &&= probed.kind === "none";
      boxes = boxes.filter((one) => (probed.kind === "none" ? !isAtLeast(box.high, one.high) : one !== box));
    }
  }
  return isProven;
}

function largest(boxes: readonly Box[], reach: Corner): Box {
  const sizeOf = ({ low, high }: Box): number =>
    Math.max(0, Math.min(high[0], reach[0]) - low[0]) * Math.max(0, Math.min(high[1], reach[1]) - low[1]);
  return boxes.reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a));
}

function split({ low, high }: Box, [first, second]: Corner): Box[] {
  const isIn = (at: number, k: 0 | 1): boolean => low[k] < at && at < high[k];
  const halves: Box[] = isIn(first, 0)
    ? [
        { low, high: [first, high[1]] },
        { low: [first, low[1]], high },
      ]
    : [{ low, high }];
  if (!isIn(second, 1)) return halves;
  return halves.flatMap((half): Box[] => [
    { low: half.low, high: [half.high[0], second] },
    { low: [half.low[0], second], high: half.high },
  ]);
}

function isAtLeast(a: Corner, b: Corner): boolean {
  return a[0] >= b[0] && a[1] >= b[1];
}
