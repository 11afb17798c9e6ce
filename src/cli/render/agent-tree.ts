import type { AgentView } from "../../core/agent.ts";

export interface Branch {
  agent: AgentView;
  /** How far below the top it stands among these agents. */
  depth: number;
}

/**
 * Agents as a tree: each followed by those that work for it. A family stands where its first member stands, so that who
 * needs a person stays near the top. Each agent stands there once, also where parents go round in a circle.
 */
export function asTree(agents: readonly AgentView[]): Branch[] {
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  const top = (agent: AgentView, below: readonly AgentView[] = []): AgentView => {
    const parent = agent.parentId === null ? undefined : byId.get(agent.parentId);
    return parent && !below.includes(parent) ? top(parent, [...below, agent]) : agent;
  };
  const shown = new Set<string>();
  const branch = (agent: AgentView, depth: number): Branch[] => {
    if (shown.has(agent.id)) return [];
    shown.add(agent.id);
    const children = agents.filter(({ parentId }) => parentId === agent.id);
    return [{ agent, depth }, ...children.flatMap((child) => branch(child, depth + 1))];
  };
  return agents.map((agent) => top(agent)).flatMap((agent) => branch(agent, 0));
}
