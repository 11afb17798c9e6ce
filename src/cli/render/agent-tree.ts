import type { AgentView } from "../../core/agent.ts";

export interface Branch {
  agent: AgentView;
  /** How far below the top it stands among these agents. */
  depth: number;
}

/**
 * Agents as a tree: each followed by those that work for it. A family stands where its first member stands, so that who
 * needs a person stays near the top.
 */
export function asTree(agents: readonly AgentView[]): Branch[] {
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  const top = (agent: AgentView): AgentView => {
    const parent = agent.parentId === null ? undefined : byId.get(agent.parentId);
    return parent ? top(parent) : agent;
  };
  const branch = (agent: AgentView, depth: number): Branch[] => [
    { agent, depth },
    ...agents.filter(({ parentId }) => parentId === agent.id).flatMap((child) => branch(child, depth + 1)),
  ];
  return [...new Set(agents.map(top))].flatMap((agent) => branch(agent, 0));
}
