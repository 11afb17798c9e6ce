import type { Agent } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { AgentRepository } from "../../core/ports/store.ts";
import type { FieldCipher } from "../cipher.ts";
import { RowCodec } from "../row-codec.ts";
import type { Database, Scope } from "../scope.ts";
import { isForeignKeyViolation } from "../store-errors.ts";
import { AGENT_COLUMNS } from "../tables.ts";

export class SqlAgentRepository implements AgentRepository {
  readonly #scope: Scope;
  readonly #cipher: FieldCipher;
  readonly #codec: RowCodec<Agent>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#cipher = cipher;
    this.#codec = new RowCodec("agents", AGENT_COLUMNS, cipher);
  }

  list(sessionId?: string): Promise<Agent[]> {
    return this.#scope.read(async (database) => {
      const rows = await database
        .selectFrom("agents")
        .selectAll()
        .$if(sessionId !== undefined, (query) => query.where("sessionId", "=", sessionId ?? null))
        .orderBy("createdAt")
        .orderBy("id")
        .execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  get(id: string): Promise<Agent | undefined> {
    return this.#scope.read((database) => this.#find(database, "id", id));
  }

  findByName(sessionId: string, name: string): Promise<Agent | undefined> {
    return this.#scope.read((database) => this.#find(database, "nameIndex", this.#nameIndex(sessionId, name)));
  }

  findByTokenHash(hash: string): Promise<Agent | undefined> {
    return this.#scope.read((database) => this.#find(database, "tokenHash", hash));
  }

  count(sessionId: string): Promise<number> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("agents").select((select) => select.fn.countAll<number>().as("count"));
      const row = await query.where("sessionId", "=", sessionId).executeTakeFirstOrThrow();
      return Number(row.count);
    });
  }

  insert(agent: Agent): Promise<void> {
    return this.#scope.write(async (database) => {
      const nameIndex = this.#nameIndex(agent.sessionId, agent.name);
      await checkNameFree(database, agent.id, agent.name, nameIndex);
      try {
        await database
          .insertInto("agents")
          .values({ ...this.#codec.encode(agent), nameIndex })
          .execute();
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
        const { sessionId } = agent;
        throw new AppError("SESSION_NOT_FOUND", `There is no session ${sessionId}`, {
          details: { sessionId },
          cause: error,
        });
      }
    });
  }

  update(id: string, change: Partial<Omit<Agent, "id">>): Promise<void> {
    return this.#scope.write(async (database) => {
      const current = await database.selectFrom("agents").select("sessionId").where("id", "=", id).executeTakeFirst();
      if (current === undefined) {
        throw new AppError("AGENT_NOT_FOUND", `There is no agent ${id}`, { details: { agentId: id } });
      }
      const row = {
        ...this.#codec.encodeChange(id, change),
        id,
        ...(await this.#nameChange(database, id, change, current)),
      };
      await database.updateTable("agents").set(row).where("id", "=", id).execute();
    });
  }

  remove(id: string): Promise<void> {
    return this.#scope.write(async (database) => {
      // Conversations, messages and lease go with it (ON DELETE CASCADE).
      await database.deleteFrom("agents").where("id", "=", id).execute();
    });
  }

  async #nameChange(
    database: Database,
    id: string,
    change: Partial<Agent>,
    current: { sessionId: unknown },
  ): Promise<{ nameIndex?: string }> {
    if (change.name === undefined) return {};
    const nameIndex = this.#nameIndex(change.sessionId ?? String(current.sessionId), change.name);
    await checkNameFree(database, id, change.name, nameIndex);
    return { nameIndex };
  }

  async #find(database: Database, column: "id" | "nameIndex" | "tokenHash", value: string): Promise<Agent | undefined> {
    const row = await database.selectFrom("agents").selectAll().where(column, "=", value).executeTakeFirst();
    return row && this.#codec.decode(row);
  }

  /** Names are unique within a session. */
  #nameIndex(sessionId: string, name: string): string {
    return this.#cipher.lookup(`agents.name:${sessionId}`, name);
  }
}

async function checkNameFree(database: Database, id: string, name: string, nameIndex: string): Promise<void> {
  const query = database.selectFrom("agents").select("id").where("nameIndex", "=", nameIndex);
  const taken = await query.where("id", "!=", id).executeTakeFirst();
  if (taken === undefined) return;
  throw new AppError("AGENT_NAME_TAKEN", `Agent ${JSON.stringify(name)} already exists`, {
    details: { name, agentId: taken.id },
  });
}
