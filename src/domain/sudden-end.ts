const actions = new Set<() => void>();

/** Something to be done where the process is ended at once, with no time for more than a moment. @returns takes it back */
export function atSuddenEnd(action: () => void): () => void {
  actions.add(action);
  return () => void actions.delete(action);
}

/** Does all that; whoever ends the process calls it first. */
export function endSuddenly(): void {
  for (const action of actions) action();
  actions.clear();
}
