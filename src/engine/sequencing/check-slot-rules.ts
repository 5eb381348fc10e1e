/** What is known of one task on one agent. */
export interface Option {
  readonly task: number;
  readonly agent: number;
  readonly busy: number;
  from: number;
  to: number;
}

/** Pairs and edge finding on one slot, both ways of time; an option that cannot be is left with an empty window. */
export function orderOnSlot(here: Option[], isRequired: (option: Option) => boolean, tolerance: number): boolean {
  for (const one of here) {
    for (const other of here) {
      if (one === other || !isRequired(other)) continue;
      const work = one.busy + other.busy;
      const canBeFirst = one.from + work <= other.to + tolerance;
      const canBeLast = other.from + work <= one.to + tolerance;
      if (!canBeFirst) one.from = Math.max(one.from, other.from + other.busy);
      if (!canBeLast) one.to = Math.min(one.to, other.to - other.busy);
    }
  }
  if (!followSets(here, isRequired, tolerance)) return false;
  const mirror = (): void => here.forEach((option) => ([option.from, option.to] = [-option.to, -option.from]));
  mirror();
  const fits = followSets(here, isRequired, tolerance);
  mirror();
  return fits;
}

/** A task that cannot end before the tasks of an interval starts after all of them. */
function followSets(here: Option[], isRequired: (option: Option) => boolean, tolerance: number): boolean {
  const required = here.filter(isRequired);
  for (const to of new Set(required.map((option) => option.to))) {
    for (const from of new Set(required.map((option) => option.from))) {
      const inside = required.filter((option) => option.from >= from && option.to <= to);
      if (inside.length === 0) continue;
      const first = Math.min(...inside.map((option) => option.from));
      const work = sum(inside.map((option) => option.busy));
      if (first + work > to + tolerance) return false;
      const end = Math.max(
        ...inside.map(
          ({ from: h }) => h + sum(inside.filter((option) => option.from >= h).map((option) => option.busy)),
        ),
      );
      for (const option of here) {
        if (inside.includes(option)) continue;
        if (Math.min(first, option.from) + work + option.busy > to + tolerance)
          option.from = Math.max(option.from, end);
      }
    }
  }
  return true;
}

/** Several slots: whether required work exceeds an interval; options that would are left with an empty window. */
export function isOverloaded(
  here: Option[],
  isRequired: (option: Option) => boolean,
  roomWithin: (from: number, to: number) => number,
): boolean {
  const required = here.filter(isRequired);
  for (const { to } of required) {
    for (const { from } of required) {
      const inside = required.filter((option) => option.from >= from && option.to <= to);
      if (inside.length === 0) continue;
      const room = roomWithin(from, to) - sum(inside.map((option) => option.busy));
      if (room < 0) return true;
      for (const option of here) {
        if (!isRequired(option) && option.busy > room && option.from >= from && option.to <= to) option.to = -Infinity;
      }
    }
  }
  return false;
}

export function windowOf(options: readonly Option[]): { readonly from: number; readonly to: number } {
  return {
    from: Math.min(...options.map((option) => option.from)),
    to: Math.max(...options.map((option) => option.to)),
  };
}

/** Whether the work within an interval exceeds its room, for intervals from a start to an end of windows. */
export function hasExcess(
  windows: readonly { readonly from: number; readonly to: number; readonly work: number }[],
  roomWithin: (from: number, to: number) => number,
): boolean {
  const latestFirst = [...windows].sort((a, b) => b.from - a.from);
  for (const to of new Set(windows.map((window) => window.to))) {
    let work = 0;
    for (const window of latestFirst) {
      if (window.to > to) continue;
      work += window.work;
      if (work > roomWithin(window.from, to)) return true;
    }
  }
  return false;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
