package dev.canvas.seed.postgres;

import dev.canvas.media.Problem;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What operators attached to {@code product_media}, and what becomes of it when another table takes
 * its place. A comment, storage options and a tablespace are carried over. What cannot be carried
 * over without a loss that nobody notices is refused by name, before anything is changed. Belongs
 * to one thread.
 */
final class TableTraits {

  /**
   * Foreign keys would keep the old table; a publication would send subscribers none of the new
   * rows; the others would be lost. Rows of the query: what is in the way.
   */
  private static final String OBSTACLES =
      """
      with t as (select * from pg_class where oid = 'product_media'::regclass)
      select string_agg(what, ', ' order by what) from (
        select 'view ' || r.ev_class::regclass as what
        from t, pg_depend d join pg_rewrite r on r.oid = d.objid
        where d.classid = 'pg_rewrite'::regclass and d.refobjid = t.oid
          and r.ev_class <> t.oid and r.ev_class is distinct from to_regclass('shoe_images')
        union
        select 'rule ' || quote_ident(r.rulename) from t join pg_rewrite r on r.ev_class = t.oid
        union
        select
          case c.contype when 'f' then 'foreign key ' else 'constraint ' end
          || quote_ident(c.conname) || ' of ' || c.conrelid::regclass
        from t join pg_constraint c
          on c.contype = 'f' and t.oid in (c.conrelid, c.confrelid)
          or c.contype in ('u', 'x') and c.conrelid = t.oid
        union
        select 'publication ' || quote_ident(p.pubname)
        from t join pg_namespace n on n.oid = t.relnamespace
        join pg_publication_tables p on p.schemaname = n.nspname and p.tablename = t.relname
        union
        select 'policy ' || quote_ident(p.polname) from t join pg_policy p on p.polrelid = t.oid
        union
        select 'row level security' from t where t.relrowsecurity
        union
        select 'inheritance with ' || case t.oid when i.inhrelid then i.inhparent else i.inhrelid end::regclass
        from t join pg_inherits i on t.oid in (i.inhrelid, i.inhparent)
        union
        select 'grants on the column ' || quote_ident(a.attname)
        from t join pg_attribute a on a.attrelid = t.oid and a.attacl is not null and not a.attisdropped
        union
        select 'trigger ' || quote_ident(g.tgname) || ', which is not simply enabled'
        from t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal and g.tgenabled <> 'O'
        union
        select 'owner ' || quote_ident(pg_get_userbyid(t.relowner)) || ', who is not '
          || quote_ident(current_user)
        from t where pg_get_userbyid(t.relowner) <> current_user
      ) o\
      """;

  /** The comment and the storage options of the table, as statements for the next one. */
  private static final String CARRY_OVER =
      """
      select string_agg(statement, '; ') from (
        select 'comment on table product_media_next is ' || quote_literal(note) as statement
        from obj_description('product_media'::regclass, 'pg_class') note where note is not null
        union all
        select format('alter table product_media_next set (%s)', string_agg(assignment, ', '))
        from (
          select quote_ident(option_name) || ' = ' || quote_literal(option_value) as assignment
          from pg_class t, pg_options_to_table(t.reloptions)
          where t.oid = 'product_media'::regclass and option_name <> 'autovacuum_enabled'
          union all
          select 'toast.' || quote_ident(option_name) || ' = ' || quote_literal(option_value)
          from pg_class t join pg_class e on e.oid = t.reltoastrelid, pg_options_to_table(e.reloptions)
          where t.oid = 'product_media'::regclass
        ) options
        having count(*) > 0
      ) statements\
      """;

  /** Autovacuum is off for a table while it is loaded. */
  private static final String AUTOVACUUM =
      """
      select coalesce(
        (
          select 'alter table %s set (autovacuum_enabled = ' || quote_literal(option_value) || ')'
          from pg_class t, pg_options_to_table(t.reloptions)
          where t.oid = 'product_media'::regclass and option_name = 'autovacuum_enabled'
        ),
        'alter table %s reset (autovacuum_enabled)')\
      """;

  private static final String TABLESPACE =
      """
      select coalesce(
        (
          select ' tablespace ' || quote_ident(s.spcname)
          from pg_class t join pg_tablespace s on s.oid = t.reltablespace
          where t.oid = 'product_media'::regclass
        ),
        '')\
      """;

  private final Connection connection;

  TableTraits(Connection connection) {
    this.connection = connection;
  }

  /**
   * Refuses a table that cannot be replaced.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#ALREADY_THERE}, naming all that is in
   *     the way
   */
  void checkReplaceable() throws SQLException {
    String obstacles = Sql.text(connection, OBSTACLES);
    if (obstacles != null) {
      throw Problem.ALREADY_THERE.because(
          "The table product_media cannot be replaced, because that would break or lose: %s. Drop"
              + " them, load, then create them again; or load without --truncate",
          obstacles);
    }
  }

  /** The clause that creates a table where this one is stored; empty for the default. */
  String tablespace() throws SQLException {
    return Sql.text(connection, TABLESPACE);
  }

  /** Gives the next table the comment and the storage options. */
  void carryOver() throws SQLException {
    String statements = Sql.text(connection, CARRY_OVER);
    if (statements != null) {
      Sql.execute(connection, statements);
    }
  }

  /** Sets autovacuum of the next table as it is for this one. */
  void carryOverAutovacuum() throws SQLException {
    String statement = Sql.text(connection, AUTOVACUUM.replace("%s", NextTable.NAME));
    Sql.execute(connection, statement);
  }
}
