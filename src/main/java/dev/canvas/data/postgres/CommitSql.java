package dev.canvas.data.postgres;

/**
 * The statements that commit single writes. Their parameters are the arrays of product ids, of
 * items and of expected versions; they return the ids and new versions of the rows that they wrote.
 * Immutable.
 *
 * @param change used if every row exists
 * @param upsert used if some row does not exist yet
 */
public record CommitSql(String change, String upsert) {

  /**
   * Changes rows that exist, each only if it still has the version that was read. Of concurrent
   * writers of a row one succeeds, and its new version is drawn after the version that it replaces.
   *
   * <p>There is no join: a plan cached while the table was empty could scan the whole table for
   * each row once it has filled. {@link CommitConnection} makes the planner look the ids up in the
   * index.
   */
  static final String CHANGE =
      """
      update product_media p
      set version = nextval('media_version'), updated_at = now(),
        media = nullif(($2::text[])[array_position($1::bigint[], p.product_id)], '')::json
      where p.product_id = any($1::bigint[])
        and p.version = ($3::bigint[])[array_position($1::bigint[], p.product_id)]
      returning p.product_id, p.version""";

  /**
   * {@link #CHANGE}, and an insert of the rows that do not exist. Used only if there are some: an
   * insert fires its triggers even if it inserts no row.
   */
  static final String UPSERT =
      """
      with changed as (
      %s
      ),
      created as (
        insert into product_media (product_id, version, media)
        select product_id, nextval('media_version'), nullif(media, '')::json
        from unnest($1::bigint[], $2::text[], $3::bigint[]) as i (product_id, media, expected)
        where expected = 0
        on conflict do nothing
        returning product_id, version
      )
      select product_id, version from changed
      union all
      select product_id, version from created"""
          .formatted(CHANGE);

  /** The statements of production; the history tests break rules in them. */
  public static final CommitSql DEFAULT = new CommitSql(CHANGE, UPSERT);
}
