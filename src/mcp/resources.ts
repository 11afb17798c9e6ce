import type { Resource, ResourceTemplate } from "@modelcontextprotocol/sdk/types.js";
import type { Agent } from "../core/agent.ts";
import type { Store } from "../core/ports/store.ts";
import type { Principal } from "../core/principal.ts";
import type { Session } from "../core/session.ts";
import type { Operation } from "../operations/operation.ts";

/** What a resource is about, which decides its place in the list and whose evidence changes it. */
type Subject = "everything" | "session" | "agent";

interface ResourceKind {
  /** `{id}` stands for the id of the subject. */
  template: string;
  subject: Subject;
  title: string;
  description: string;
  /** The operation whose output is the content; its first positional argument takes the id. */
  operation: string;
}

const KINDS: readonly ResourceKind[] = [
  {
    template: "orch://status",
    subject: "everything",
    title: "Status",
    description: "All sessions and agents at a glance, those that need attention first",
    operation: "status",
  },
  {
    template: "orch://roles",
    subject: "everything",
    title: "Roles",
    description: "The roles that agents can have, with their aliases and what each is for",
    operation: "role.list",
  },
  {
    template: "orch://workflows",
    subject: "everything",
    title: "Workflows",
    description:
      "The workflows that can be run, with the inputs that each takes, and the latest runs with their states",
    operation: "workflow.list",
  },
  {
    template: "orch://tasks",
    subject: "everything",
    title: "Tasks",
    description: "The queue: tasks with their states, those that wait or run first",
    operation: "task.list",
  },
  {
    template: "orch://sessions/{id}",
    subject: "session",
    title: "Session",
    description: "A session with its agents and their states",
    operation: "session.show",
  },
  {
    template: "orch://agents/{id}",
    subject: "agent",
    title: "Agent",
    description: "An agent: state with its evidence, what is on its screen, its recent messages",
    operation: "agent.show",
  },
  {
    template: "orch://agents/{id}/transcript",
    subject: "agent",
    title: "Transcript",
    description: "The newest part of an agent's conversation, with its latest answer",
    operation: "agent.read",
  },
  {
    template: "orch://agents/{id}/log",
    subject: "agent",
    title: "Log",
    description: "What happened with an agent: launches, messages, requests, tools, errors, tasks with their checks",
    operation: "agent.log",
  },
];

/** How a resource is read: an operation with its input. */
export interface ResourceReading {
  operation: Operation;
  input: Record<string, unknown>;
  subject: Subject;
  id: string | undefined;
}

/** The resources that a caller's operations make possible. */
export class Resources {
  readonly #kinds: readonly (ResourceKind & { source: Operation })[];
  readonly #principal: Principal;

  constructor(operations: readonly Operation[], principal: Principal) {
    this.#principal = principal;
    this.#kinds = KINDS.flatMap((kind) => {
      const source = operations.find(({ name }) => name === kind.operation);
      return source ? [{ ...kind, source }] : [];
    });
  }

  templates(): ResourceTemplate[] {
    return this.#kinds
      .filter(({ subject }) => subject !== "everything")
      .map(({ template, title, description }) => ({
        uriTemplate: template,
        name: template.replace("orch://", ""),
        title,
        description,
        mimeType: "application/json",
      }));
  }

  async list(store: Store): Promise<Resource[]> {
    const { sessions, agents } = await this.#subjects(store);
    const sessionNames = new Map(sessions.map(({ id, name }) => [id, name]));
    const of = (subject: Subject, id: string, name: string) =>
      this.#kinds.filter((kind) => kind.subject === subject).map((kind) => resource(kind, id, name));
    return [
      ...of("everything", "", ""),
      ...sessions.flatMap(({ id, name }) => of("session", id, name)),
      ...agents.flatMap(({ id, name, sessionId }) =>
        of("agent", id, `${sessionNames.get(sessionId) ?? sessionId}/${name}`),
      ),
    ];
  }

  /** How this URI is read, or undefined when it names no resource. */
  resolve(uri: string): ResourceReading | undefined {
    for (const { template, subject, source } of this.#kinds) {
      const id = matchId(template, uri);
      if (id === undefined) continue;
      const [field] = source.cli?.args ?? [];
      return { operation: source, subject, id, input: id === "" || field === undefined ? {} : { [field]: id } };
    }
    return undefined;
  }

  /** The agents whose evidence can change this resource. */
  async agentsOf({ subject, id }: ResourceReading, store: Store): Promise<Agent[]> {
    const { agents } = await this.#subjects(store);
    if (subject === "everything") return agents;
    return agents.filter((agent) => (subject === "session" ? agent.sessionId : agent.id) === id);
  }

  async #subjects(store: Store): Promise<{ sessions: Session[]; agents: Agent[] }> {
    const own = this.#principal.kind === "worker" ? this.#principal.sessionId : undefined;
    const sessions = await store.sessions.list();
    return {
      sessions: own === undefined ? sessions : sessions.filter(({ id }) => id === own),
      agents: await store.agents.list(own),
    };
  }
}

function resource({ template, title, description }: ResourceKind, id: string, name: string): Resource {
  const uri = template.replace("{id}", encodeURIComponent(id));
  return {
    uri,
    name: uri.replace("orch://", ""),
    title: name === "" ? title : `${title} ${name}`,
    description,
    mimeType: "application/json",
  };
}

/** The id in a URI of this template, "" when the template has none, undefined when it does not match. */
function matchId(template: string, uri: string): string | undefined {
  const [before = "", after] = template.split("{id}");
  if (after === undefined) return uri === template ? "" : undefined;
  if (!uri.startsWith(before) || !uri.endsWith(after) || uri.length <= before.length + after.length) return undefined;
  const id = uri.slice(before.length, uri.length - after.length);
  return /^[\w.~-]+$/.test(id) ? id : undefined;
}
