import type { Conversation } from "../../core/conversation.ts";
import { AppError } from "../../core/errors.ts";
import type { ConversationRepository } from "../../core/ports/store.ts";
import type { FieldCipher } from "../cipher.ts";
import { RowCodec } from "../row-codec.ts";
import type { Scope } from "../scope.ts";
import { isForeignKeyViolation } from "../store-errors.ts";
import { CONVERSATION_COLUMNS } from "../tables.ts";

export class SqlConversationRepository implements ConversationRepository {
  readonly #scope: Scope;
  readonly #codec: RowCodec<Conversation>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#codec = new RowCodec("conversations", CONVERSATION_COLUMNS, cipher);
  }

  list(agentId: string): Promise<Conversation[]> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("conversations").selectAll().where("agentId", "=", agentId);
      const rows = await query.orderBy("startedAt").orderBy("id").execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  get(id: string): Promise<Conversation | undefined> {
    return this.#scope.read(async (database) => {
      const row = await database.selectFrom("conversations").selectAll().where("id", "=", id).executeTakeFirst();
      return row && this.#codec.decode(row);
    });
  }

  upsert(conversation: Conversation): Promise<void> {
    return this.#scope.write(async (database) => {
      const row = this.#codec.encode(conversation);
      // It keeps when it began; a transcript that is known is not forgotten.
      const { agentId, endedAt, transcriptPath } = row;
      const again = { agentId, endedAt, ...(transcriptPath === null ? {} : { transcriptPath }) };
      try {
        await database
          .insertInto("conversations")
          .values(row)
          .onConflict((conflict) => conflict.column("id").doUpdateSet(again))
          .execute();
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
        throw new AppError("AGENT_NOT_FOUND", `There is no agent ${conversation.agentId}`, {
          details: { agentId: conversation.agentId },
          cause: error,
        });
      }
    });
  }

  update(id: string, change: Partial<Omit<Conversation, "id">>): Promise<void> {
    return this.#scope.write(async (database) => {
      const row = { ...this.#codec.encodeChange(id, change), id };
      const result = await database.updateTable("conversations").set(row).where("id", "=", id).executeTakeFirst();
      if (result.numUpdatedRows > 0n) return;
      throw new AppError("CONVERSATION_NOT_FOUND", `There is no conversation ${id}`, {
        details: { conversationId: id },
      });
    });
  }
}
