import { AsyncLocalStorage } from "node:async_hooks";
import { Kysely } from "kysely";
import { AppError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Repositories, Store, StoreHealth } from "../core/ports/store.ts";
import type { FieldCipher } from "./cipher.ts";
import { ImmediateDialect } from "./immediate-dialect.ts";
import { SqlAgentRepository } from "./repositories/agent-repository.ts";
import { SqlAnswerRepository } from "./repositories/answer-repository.ts";
import { SqlConversationRepository } from "./repositories/conversation-repository.ts";
import { SqlCoordinationRepository } from "./repositories/coordination-repository.ts";
import { SqlDutyRepository } from "./repositories/duty-repository.ts";
import { SqlLeaseRepository } from "./repositories/lease-repository.ts";
import { SqlMessageRepository } from "./repositories/message-repository.ts";
import { SqlSessionRepository } from "./repositories/session-repository.ts";
import { SqlTaskRepository } from "./repositories/task-repository.ts";
import { SqlTodoMirrorRepository } from "./repositories/todo-mirror-repository.ts";
import { SqlWaitRepository } from "./repositories/wait-repository.ts";
import { SqlWorkflowRunRepository } from "./repositories/workflow-run-repository.ts";
import { SqlWorktreeRepository } from "./repositories/worktree-repository.ts";
import type { Database, Scope } from "./scope.ts";
import type { SqliteDatabase, SqliteLibrary } from "./sqlite-library.ts";
import { translateStoreError } from "./store-errors.ts";
import { checkHealth } from "./store-health.ts";
import type { Tables } from "./tables.ts";
import { whileBusy } from "./while-busy.ts";

interface SqliteStoreOptions {
  database: SqliteDatabase;
  driver: SqliteLibrary["name"];
  file: string;
  keySource: string;
  cipher: FieldCipher;
  clock: Clock;
  lockTimeoutMs: number;
  /** Called after each commit that changed something. */
  onCommit(): void;
}

/** The store over one open database. */
export class SqliteStore implements Store {
  readonly sessions;
  readonly agents;
  readonly conversations;
  readonly messages;
  readonly answers;
  readonly leases;
  readonly waits;
  readonly tasks;
  readonly duties;
  readonly coordinations;
  readonly worktrees;
  readonly workflowRuns;
  readonly todoMirrors;
  readonly #options: SqliteStoreOptions;
  readonly #database: Database;
  readonly #scope: Scope;
  readonly #running = new AsyncLocalStorage<{ isOver: boolean }>();
  #changes: ReturnType<SqliteDatabase["prepare"]> | undefined;
  #isClosed = false;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
    this.#database = new Kysely<Tables>({
      dialect: new ImmediateDialect({
        database: options.database,
        retry: (attempt) => whileBusy(options.clock, options.lockTimeoutMs, attempt),
      }),
    });
    this.#scope = {
      read: (work) => this.#read(work),
      write: (work) => this.#write(work),
    };
    const {
      sessions,
      agents,
      conversations,
      messages,
      answers,
      leases,
      waits,
      tasks,
      duties,
      coordinations,
      worktrees,
      workflowRuns,
      todoMirrors,
    } = this.#repositories(this.#scope);
    this.sessions = sessions;
    this.agents = agents;
    this.conversations = conversations;
    this.messages = messages;
    this.answers = answers;
    this.leases = leases;
    this.waits = waits;
    this.tasks = tasks;
    this.duties = duties;
    this.coordinations = coordinations;
    this.worktrees = worktrees;
    this.workflowRuns = workflowRuns;
    this.todoMirrors = todoMirrors;
  }

  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.#scope.write((database) => {
      const inside: Scope = { read: (step) => step(database), write: (step) => step(database) };
      return work(this.#repositories(inside));
    });
  }

  async health(): Promise<StoreHealth> {
    const { database, driver, file, keySource } = this.#options;
    return { path: file, driver, keySource, ...checkHealth(database) };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#database.destroy();
    // Kysely opens its driver with the first query; without one it closes nothing.
    closeOnce(this.#options.database);
  }

  #repositories(scope: Scope): Repositories {
    const { cipher } = this.#options;
    return {
      sessions: new SqlSessionRepository(scope, cipher),
      agents: new SqlAgentRepository(scope, cipher),
      conversations: new SqlConversationRepository(scope, cipher),
      messages: new SqlMessageRepository(scope, cipher),
      answers: new SqlAnswerRepository(scope, cipher),
      leases: new SqlLeaseRepository(scope),
      waits: new SqlWaitRepository(scope),
      tasks: new SqlTaskRepository(scope, cipher),
      duties: new SqlDutyRepository(scope),
      coordinations: new SqlCoordinationRepository(scope, cipher),
      worktrees: new SqlWorktreeRepository(scope, cipher),
      workflowRuns: new SqlWorkflowRunRepository(scope, cipher),
      todoMirrors: new SqlTodoMirrorRepository(scope, cipher),
    };
  }

  async #read<T>(work: (database: Database) => Promise<T>): Promise<T> {
    this.#checkNotInside();
    try {
      return await whileBusy(this.#options.clock, this.#options.lockTimeoutMs, () => work(this.#database));
    } catch (error) {
      throw translateStoreError(error, this.#options.file);
    }
  }

  async #write<T>(work: (database: Database) => Promise<T>): Promise<T> {
    this.#checkNotInside();
    const run = { isOver: false };
    try {
      const { result, hasChanged } = await this.#database.transaction().execute(async (database) => {
        const before = this.#totalChanges();
        const result = await this.#running.run(run, () => work(database));
        return { result, hasChanged: this.#totalChanges() !== before };
      });
      // Waiting loops try for a lease again and again: what changes nothing must not wake the others.
      if (hasChanged) this.#options.onCommit();
      return result;
    } catch (error) {
      throw translateStoreError(error, this.#options.file);
    } finally {
      run.isOver = true;
    }
  }

  /** Inside a transaction the store itself would wait for the end of that transaction, for ever. */
  #checkNotInside(): void {
    const run = this.#running.getStore();
    if (run === undefined || run.isOver) return;
    throw new AppError("INTERNAL", "Within a transaction, use the repositories that it is given");
  }

  #totalChanges(): unknown {
    this.#changes ??= this.#options.database.prepare("SELECT total_changes() AS changes");
    return (this.#changes.get() as { changes: unknown }).changes;
  }
}

function closeOnce(database: SqliteDatabase): void {
  try {
    database.close();
  } catch {
    // Already closed.
  }
}
