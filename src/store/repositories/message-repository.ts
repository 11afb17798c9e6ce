import { AppError } from "../../core/errors.ts";
import {
  assertMessageTransition,
  isOpenInQueue,
  MESSAGE_STATES,
  type Message,
  type MessageState,
  ORCHESTRATOR,
  SCHEDULER,
  sumUsage,
  type Usage,
} from "../../core/message.ts";
import type { MessageRepository } from "../../core/ports/store.ts";
import type { FieldCipher } from "../cipher.ts";
import { type Row, RowCodec } from "../row-codec.ts";
import type { Database, Scope } from "../scope.ts";
import { isForeignKeyViolation } from "../store-errors.ts";
import { MESSAGE_COLUMNS } from "../tables.ts";
import { removeMessages, USAGE_COLUMNS, usageOf } from "./remove-messages.ts";

/** More than anybody reads of an inbox. */
const MAX_UNSEEN = 200;

export class SqlMessageRepository implements MessageRepository {
  readonly #scope: Scope;
  readonly #cipher: FieldCipher;
  readonly #codec: RowCodec<Message>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#cipher = cipher;
    this.#codec = new RowCodec("messages", MESSAGE_COLUMNS, cipher);
  }

  get(id: string): Promise<Message | undefined> {
    return this.#scope.read(async (database) => {
      const row = await database.selectFrom("messages").selectAll().where("id", "=", id).executeTakeFirst();
      return row && this.#codec.decode(row);
    });
  }

  findByIdempotencyKey(agentId: string, key: string): Promise<Message | undefined> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("messages").selectAll().where("agentId", "=", agentId);
      const row = await query.where("idempotencyIndex", "=", this.#keyIndex(agentId, key)).executeTakeFirst();
      return row && this.#codec.decode(row);
    });
  }

  list(agentId: string, options: { limit?: number } = {}): Promise<Message[]> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("messages").selectAll().where("agentId", "=", agentId).orderBy("seq", "desc");
      const { limit } = options;
      const rows = await (limit === undefined ? query : query.limit(limit)).execute();
      return rows.reverse().map((row) => this.#codec.decode(row));
    });
  }

  head(agentId: string): Promise<Message | undefined> {
    return this.#scope.read(async (database) => {
      const row = await database
        .selectFrom("messages")
        .selectAll()
        .where("agentId", "=", agentId)
        .where("state", "in", MESSAGE_STATES.filter(isOpenInQueue))
        .orderBy((order) => order.case().when("state", "=", "queued").then(1).else(0).end())
        .orderBy((order) => order.case().when("sender", "=", ORCHESTRATOR).then(0).else(1).end())
        .orderBy((order) => {
          const isPersonsNow = order.and([order("when", "=", "now"), order("sender", "=", "operator")]);
          return order.case().when(isPersonsNow).then(0).else(1).end();
        })
        .orderBy((order) => order.case().when("when", "=", "idle").then(1).else(0).end())
        .orderBy("seq")
        .limit(1)
        .executeTakeFirst();
      return row && this.#codec.decode(row);
    });
  }

  queueLengths(): Promise<Map<string, number>> {
    return this.#scope.read(async (database) => {
      const rows = await database
        .selectFrom("messages")
        .select((select) => ["agentId", select.fn.countAll<number>().as("count")])
        .where("state", "in", MESSAGE_STATES.filter(isOpenInQueue))
        .groupBy("agentId")
        .execute();
      return new Map(rows.map((row) => [String(row.agentId), Number(row.count)]));
    });
  }

  usageTotals(): Promise<Map<string, Usage>> {
    return this.#scope.read(async (database) => {
      const rows = await database
        .selectFrom("messages")
        .select((select) => ["agentId", ...USAGE_COLUMNS.map((column) => select.fn.sum<number>(column).as(column))])
        .where("inputTokens", "is not", null)
        .groupBy("agentId")
        .execute();
      const totals = new Map(rows.map((row) => [String(row.agentId), usageOf(row)]));
      for (const { agentId, ...past } of await database.selectFrom("pastUsage").selectAll().execute()) {
        totals.set(agentId, sumUsage([past, ...(totals.has(agentId) ? [usageOf(totals.get(agentId) ?? {})] : [])]));
      }
      return totals;
    });
  }

  countFrom(sender: string, since: number): Promise<number> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("messages").select((select) => select.fn.countAll<number>().as("count"));
      const row = await query.where("sender", "=", sender).where("createdAt", ">=", since).executeTakeFirst();
      return Number(row?.count ?? 0);
    });
  }

  unanswered(agentId?: string): Promise<Message[]> {
    return this.#inState(agentId, ["recorded"]);
  }

  unproved(agentId: string): Promise<Message[]> {
    return this.#inState(agentId, ["unknown"]);
  }

  unseen(agentId?: string): Promise<Message[]> {
    return this.#scope.read(async (database) => {
      const all = database.selectFrom("messages").selectAll().where("seenAt", "is", null);
      const query = agentId === undefined ? all : all.where("agentId", "=", agentId);
      const ended = query.where("state", "in", ["answered", "failed", "unknown"]);
      const rows = await ended.orderBy("createdAt", "desc").limit(MAX_UNSEEN).execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  hasSentProtocol(agentId: string, conversationId: string): Promise<boolean> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("messages").select("id").where("agentId", "=", agentId);
      const sent = query.where("conversationId", "=", conversationId).where("protocol", "=", "sent");
      return (await sent.where("state", "not in", ["queued", "failed"]).limit(1).executeTakeFirst()) !== undefined;
    });
  }

  ofPrompt(agentId: string, promptId: string): Promise<Message[]> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("messages").selectAll().where("agentId", "=", agentId);
      const rows = await query.where("promptId", "=", promptId).orderBy("seq").execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  insert(message: Omit<Message, "seq">): Promise<Message> {
    return this.#scope.write(async (database) => {
      const stored: Message = { ...message, seq: await nextSeq(database, message.agentId) };
      const key = message.idempotencyKey;
      const idempotencyIndex = key === null ? null : this.#keyIndex(message.agentId, key);
      await this.#checkKeyFree(database, message.agentId, idempotencyIndex);
      try {
        await database
          .insertInto("messages")
          .values({ ...this.#codec.encode(stored), idempotencyIndex })
          .execute();
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
        const { agentId } = message;
        throw new AppError("AGENT_NOT_FOUND", `There is no agent ${agentId}`, { details: { agentId }, cause: error });
      }
      return stored;
    });
  }

  update(id: string, change: Partial<Omit<Message, "id" | "seq">>, from?: readonly MessageState[]): Promise<boolean> {
    return this.#scope.write(async (database) => {
      const query = database.selectFrom("messages").select(["state", "agentId"]).where("id", "=", id);
      const current = await query.executeTakeFirst();
      if (current === undefined) {
        if (from !== undefined) return false;
        throw new AppError("MESSAGE_NOT_FOUND", `There is no message ${id}`, { details: { messageId: id } });
      }
      const state = current.state as MessageState;
      if (from !== undefined && !from.includes(state)) return false;
      if (change.state !== undefined && change.state !== state) assertMessageTransition(state, change.state);
      const key = change.idempotencyKey;
      const row = {
        ...this.#codec.encodeChange(id, change),
        ...change.answer?.usage,
        id,
        ...(key === undefined ? {} : { idempotencyIndex: key && this.#keyIndex(String(current.agentId), key) }),
      };
      await database.updateTable("messages").set(row).where("id", "=", id).execute();
      return true;
    });
  }

  removeEnded(before: number, limit: number): Promise<number> {
    return this.#scope.write(async (database) => {
      const ids: string[] = [];
      let last = { createdAt: -1, id: "" };
      while (ids.length < limit) {
        const page = await this.#endedBefore(database, before, last, limit);
        ids.push(...page.filter((row) => !this.#isUnseenFailure(row)).map(({ id }) => String(id)));
        const end = page.at(-1);
        if (!end || page.length < limit) break;
        last = { createdAt: Number(end.createdAt), id: String(end.id) };
      }
      const removed = ids.slice(0, limit);
      await removeMessages(database, removed);
      return removed.length;
    });
  }

  /** What has ended and may go, unless it turns out to be a failure that nobody has seen. */
  #endedBefore(database: Database, before: number, last: { createdAt: number; id: string }, limit: number) {
    return database
      .selectFrom("messages")
      .select(["id", "createdAt", "seenAt", "answer"])
      .where("state", "in", ["answered", "failed"])
      .where((where) => where.fn.coalesce("answeredAt", "createdAt"), "<", before)
      .where("sender", "!=", SCHEDULER)
      .where((where) => where.or([where("seenAt", "is not", null), where("state", "=", "answered")]))
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom("messages as later")
            .select("later.id")
            .whereRef("later.agentId", "=", "messages.agentId")
            .whereRef("later.seq", ">", "messages.seq"),
        ),
      )
      .where(({ and, eb, exists, not, selectFrom }) => {
        const present = selectFrom("agents").select("agents.id").whereRef("agents.id", "=", "messages.agentId");
        const isItsOwn = exists(present.whereRef("agents.conversationId", "=", "messages.conversationId"));
        return not(and([eb("protocol", "is not", null), eb("protocol", "=", "sent"), isItsOwn]));
      })
      .where(({ and, eb, or }) =>
        or([eb("createdAt", ">", last.createdAt), and([eb("createdAt", "=", last.createdAt), eb("id", ">", last.id)])]),
      )
      .orderBy("createdAt")
      .orderBy("id")
      .limit(limit)
      .execute();
  }

  #isUnseenFailure({ id, seenAt, answer }: Pick<Row<Message>, "id" | "seenAt" | "answer">): boolean {
    return seenAt === null && this.#codec.decodeField(String(id), "answer", answer)?.isError === true;
  }

  #inState(agentId: string | undefined, states: readonly MessageState[]): Promise<Message[]> {
    return this.#scope.read(async (database) => {
      const all = database.selectFrom("messages").selectAll();
      const query = agentId === undefined ? all : all.where("agentId", "=", agentId);
      const rows = await query.where("state", "in", states).orderBy("seq").execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  /** Two senders with one key: the second is told which message took it. */
  async #checkKeyFree(database: Database, agentId: string, index: string | null): Promise<void> {
    if (index === null) return;
    const query = database.selectFrom("messages").select("id").where("agentId", "=", agentId);
    const taken = await query.where("idempotencyIndex", "=", index).executeTakeFirst();
    if (taken === undefined) return;
    throw new AppError("IDEMPOTENCY_KEY_REUSED", "This idempotency key was used before for this agent", {
      details: { agentId, messageId: taken.id },
    });
  }

  #keyIndex(agentId: string, key: string): string {
    return this.#cipher.lookup(`messages.idempotencyKey:${agentId}`, key);
  }
}

/** The caller holds the write lock: no other process takes the same number. */
async function nextSeq(database: Database, agentId: string): Promise<number> {
  const query = database.selectFrom("messages").select("seq").where("agentId", "=", agentId);
  const last = await query.orderBy("seq", "desc").limit(1).executeTakeFirst();
  return Number(last?.seq ?? 0) + 1;
}
