package dev.canvas.data;

import dev.canvas.data.cache.Script;
import dev.canvas.data.postgres.CommitSql;

/**
 * Breaks one rule of the protocol, by replacing a part of a script, of an SQL statement, or of the
 * cache. Fails if a text that it replaces does not exist. See {@code docs/history-checker.md}.
 */
public enum Mutant {
  /** The protocol as it is. */
  NONE,
  /** Writes set no fence. */
  NO_FENCE,
  /** A fill needs no lease. */
  UNCONDITIONAL_FILL,
  /** A fill accepts an expired lease, and that of any other reader. */
  FILL_FROM_AN_EXPIRED_LEASE,
  /** A write is installed although its fence is lost. */
  INSTALL_WITHOUT_MY_TOKEN,
  /** The last of several concurrent writers installs what it wrote. */
  SHARED_FENCE_INSTALLS,
  /** The version is drawn before the row is locked, and the row is written unconditionally. */
  VERSION_BEFORE_THE_LOCK,
  /** A delete removes the row, and with it the version of the absence. */
  NO_TOMBSTONE,
  /** A read joins a select of its event loop without checking that the lease still stands. */
  JOINS_ANY_FLIGHT,
  /** The keys of a restarted Redis are the same as before. */
  KEYS_WITHOUT_THE_RUN,
  /** An install leaves leases, whose owners may have read the old state (ADR 16). */
  INSTALL_LEAVES_LEASES,
  /** An install publishes no invalidation (ADR 16). */
  INSTALL_PUBLISHES_NOTHING,
  /** No script publishes an invalidation. */
  NO_INVALIDATIONS,
  /** A write that Redis has not confirmed is confirmed while others trust that Redis (ADR 29). */
  TRUST_NEVER_ENDS;

  private static final String FENCE_NOTHING =
      "local wanted = {} for i = 1, #KEYS do wanted[i] = 1 end return wanted";

  private static final String EXPECTED =
      "p.version = ($3::bigint[])[array_position($1::bigint[], p.product_id)]";

  private static final String MEDIA = "($2::text[])[array_position($1::bigint[], p.product_id)]";

  /** The text of a script. */
  String script(Script script) {
    String text = script.source();
    return switch (this) {
      case NO_FENCE -> script == Script.FENCE ? FENCE_NOTHING : text;
      case UNCONDITIONAL_FILL ->
          script == Script.FILL
              ? replaced(text, "redis.call('GET', key) == 'L' .. token", "true")
              : text;
      case FILL_FROM_AN_EXPIRED_LEASE ->
          script == Script.FILL
              ? replaced(
                  text,
                  "redis.call('GET', key) == 'L' .. token",
                  "string.sub(redis.call('GET', key) or 'L', 1, 1) == 'L'")
              : text;
      case INSTALL_WITHOUT_MY_TOKEN ->
          script == Script.INSTALL
              ? replaced(
                  replaced(text, "mine and new ~= ''", "new ~= ''"),
                  "elseif kind == 'L' then",
                  "elseif not kind and new ~= '' then redis.call('SET', key, new, 'PX', life) elseif kind == 'L' then")
              : text;
      case SHARED_FENCE_INSTALLS ->
          script == Script.INSTALL
              ? replaced(text, " and string.sub(state, 2, 2) == '0'", "")
              : text;
      case INSTALL_LEAVES_LEASES ->
          script == Script.INSTALL
              ? replaced(
                  text, "elseif kind == 'L' then", "elseif kind == 'L' then elseif false then")
              : text;
      case INSTALL_PUBLISHES_NOTHING -> script == Script.INSTALL ? withoutPublish(text) : text;
      case NO_INVALIDATIONS -> withoutPublish(text);
      default -> text;
    };
  }

  /** Whether it can only be seen with near caches. */
  public boolean isNear() {
    return this == NO_INVALIDATIONS || this == INSTALL_PUBLISHES_NOTHING;
  }

  /** Whether random clients find it within a minute, and not only {@code MutantsIT}. */
  public boolean isFoundByChance() {
    return this != INSTALL_PUBLISHES_NOTHING && this != NO_FENCE && this != KEYS_WITHOUT_THE_RUN;
  }

  /** The statements that commit. */
  CommitSql commitSql() {
    CommitSql sql = CommitSql.DEFAULT;
    return new CommitSql(
        commit(this == NO_TOMBSTONE ? sql.upsert() : sql.change()), commit(sql.upsert()));
  }

  private String commit(String sql) {
    return switch (this) {
      case VERSION_BEFORE_THE_LOCK ->
          replaced(
              replaced(sql, EXPECTED, EXPECTED.replace("p.version =", "0 <")),
              "set version = nextval('media_version')",
              "set version = (select array_agg(nextval('media_version')) from unnest($1::bigint[]))"
                  + "[array_position($1::bigint[], p.product_id)]");
      case NO_TOMBSTONE ->
          replaced(
              replaced(
                  replaced(sql, EXPECTED, EXPECTED + " and " + MEDIA + " <> ''"),
                  "created as (",
                  "removed as (delete from product_media p where p.product_id = any($1::bigint[]) and "
                      + EXPECTED
                      + " and "
                      + MEDIA
                      + " = '' returning p.product_id, 0::bigint as version), created as ("),
              "union all",
              "union all select product_id, version from removed union all");
      default -> sql;
    };
  }

  private static String withoutPublish(String text) {
    return text.replaceAll("redis\\.call\\('PUBLISH'.*\\)", "");
  }

  private static String replaced(String text, String what, String with) {
    if (!text.contains(what)) {
      throw new IllegalStateException("'" + what + "' is not in\n" + text);
    }
    return text.replace(what, with);
  }
}
