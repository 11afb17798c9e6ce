import { TASK_PRIORITIES } from "./task.ts";

/** The number that a priority stands for: a name, or 1 to 10. Undefined when it is neither. */
export function parsePriority(text: string): number | undefined {
  const name = text.trim().toLowerCase();
  if (Object.hasOwn(TASK_PRIORITIES, name)) return TASK_PRIORITIES[name as keyof typeof TASK_PRIORITIES];
  return /^(?:[1-9]|10)$/.test(name) ? Number(name) : undefined;
}

/** `high` where it has a name, else the number. */
export function priorityName(priority: number): string {
  const named = Object.entries(TASK_PRIORITIES).find(([, number]) => number === priority);
  return named?.[0] ?? String(priority);
}
