/** Levels of sensitive information, the least first. */

export const LEVELS = ["public", "open", "internal", "confidential", "secret"] as const;

/** The stricter of what the workspace and the model allow; where a level is not one of ours, the model's word. */
export function strictest(workspace: string, model: string | null): string {
  if (model === null) return workspace;
  const [here, there] = [rank(workspace), rank(model)];
  return here < 0 || there < 0 || there < here ? model : workspace;
}

function rank(level: string): number {
  return LEVELS.findIndex((one) => one === level);
}
