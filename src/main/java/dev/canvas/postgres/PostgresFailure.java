package dev.canvas.postgres;

import dev.canvas.diagnosis.Diagnosis;
import dev.canvas.tls.TlsFailure;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Says what a failure of Postgres means and what to do about it: the one table of SQLSTATEs
 * (PostgreSQL, Appendix A), for the start, the log, the health and the doctor.
 */
public final class PostgresFailure {

  private static final Diagnosis AWAY =
      new Diagnosis(
          "it does not answer",
          "start it, or correct the host and the port in CANVAS_POSTGRES_URI; for a demonstration:"
              + " ./canvas up");

  private static final Diagnosis SILENT =
      new Diagnosis(
          "something accepts connections there, but does not answer as Postgres does",
          "check the port in CANVAS_POSTGRES_URI, and whether the server is frozen or overloaded");

  /** It takes no writes. */
  public static final Diagnosis READ_ONLY =
      new Diagnosis(
          "it is read-only: a standby, or default_transaction_read_only is on",
          "name the primary in CANVAS_POSTGRES_URI, or all hosts, of which Canvas then takes the"
              + " one that can be written to");

  private static final Diagnosis NO_UTF8 =
      new Diagnosis(
          "the database cannot hold every character",
          "create it anew: create database … encoding 'UTF8' template template0");

  private static final Diagnosis NO_POSTGRES =
      new Diagnosis(
          "it lacks something that Canvas needs",
          "use PostgreSQL 14 or later itself, not a substitute");

  private static final Diagnosis POOLER =
      new Diagnosis("a pooler gives each transaction another session", SessionCheck.REMEDY);

  private static final Diagnosis CHANGED =
      new Diagnosis(
          "it refuses a statement of Canvas",
          "undo what was changed by hand in Canvas's tables, triggers or functions, or use a"
              + " database of its own");

  private static final Diagnosis PASSING =
      new Diagnosis("another transaction is in the way", "nothing: Canvas tries again");

  private static final Diagnosis UNKNOWN =
      new Diagnosis(
          "it refuses to work", "look its SQLSTATE up in the manual of PostgreSQL, Appendix A");

  /** By SQLSTATE, or by its class: the first two characters. */
  private static final Map<String, Diagnosis> TABLE =
      Map.ofEntries(
          Map.entry("08", SILENT),
          Map.entry("08001", AWAY),
          Map.entry(
              "08004",
              new Diagnosis(
                  "it refuses the connection",
                  "correct the user, the password and sslmode in CANVAS_POSTGRES_URI")),
          Map.entry(
              "08P01",
              new Diagnosis(
                  "what listens there is no Postgres, or a pooler that refuses",
                  "check the port in CANVAS_POSTGRES_URI, and the users, databases and limits of"
                      + " the pooler")),
          Map.entry("0A", NO_POSTGRES),
          Map.entry(
              "0A000", new Diagnosis("its tables were changed", "nothing: Canvas reconnects")),
          Map.entry(
              "0L", new Diagnosis("it does not let the role grant", "use a role that may grant")),
          Map.entry("0P", new Diagnosis("the role is not valid", "use another role")),
          Map.entry("22021", NO_UTF8),
          Map.entry("22P05", NO_UTF8),
          Map.entry("25", new Diagnosis("a transaction was ended", "nothing: Canvas tries again")),
          Map.entry("25006", READ_ONLY),
          Map.entry("26", POOLER),
          Map.entry(
              "28",
              new Diagnosis(
                  "it does not let this user in",
                  "let pg_hba.conf have a line for this user, database and address, and the role"
                      + " LOGIN")),
          Map.entry(
              "28P01",
              new Diagnosis(
                  "it refuses the user or the password",
                  "correct them in CANVAS_POSTGRES_URI or in the password file")),
          Map.entry(
              "3D",
              new Diagnosis(
                  "the database does not exist",
                  "create it, or correct its name in CANVAS_POSTGRES_URI")),
          Map.entry(
              "3F",
              new Diagnosis(
                  "the schema does not exist",
                  "create it, or correct search_path in the options of CANVAS_POSTGRES_URI")),
          Map.entry("40", PASSING),
          Map.entry(
              "42",
              new Diagnosis(
                  "its tables are not those of this release",
                  "start ./canvas serve of this release once, which migrates them")),
          Map.entry("42601", NO_POSTGRES),
          Map.entry("42P05", POOLER),
          Map.entry(
              "42501",
              new Diagnosis(
                  "the role lacks a right",
                  "grant it, or make the role the owner of the tables (docs/operations.md, \"The"
                      + " role\")")),
          Map.entry(
              "53",
              new Diagnosis("it lacks resources", "give it more memory, disk or connections")),
          Map.entry(
              "53100",
              new Diagnosis("its disk is full", "make room on the volume of its data directory")),
          Map.entry(
              "53200", new Diagnosis("it is out of memory", "give it more, or lower work_mem")),
          Map.entry(
              "53300",
              new Diagnosis(
                  "all of its connections are in use",
                  "raise max_connections or the limit of the role, lower CANVAS_DATA_INSTANCES, or"
                      + " close other clients")),
          Map.entry(
              "53400",
              new Diagnosis("a configured limit is reached", "raise the limit that it names")),
          Map.entry("54", CHANGED),
          Map.entry("55", PASSING),
          Map.entry(
              "55000",
              new Diagnosis(
                  "the database takes no connections", "alter database … allow_connections true")),
          Map.entry("57", new Diagnosis("an operator intervened", "see the log of Postgres")),
          Map.entry(
              "57P02",
              new Diagnosis(
                  "one of its processes has crashed",
                  "see its log: the disk of its data or of its pg_wal may be full, or it may lack"
                      + " memory; if it does not run again, start it")),
          Map.entry(
              "57014",
              new Diagnosis(
                  "a statement took too long and was cancelled",
                  "look for locks and for load in pg_stat_activity")),
          Map.entry(
              "57P03",
              new Diagnosis(
                  "it starts up, recovers or shuts down", "wait: Canvas connects when it can")),
          Map.entry("57P05", new Diagnosis("a session was idle", "nothing: Canvas reconnects")),
          Map.entry(
              "58",
              new Diagnosis(
                  "it cannot read or write its files", "see its log, and check its disk")),
          Map.entry("F0", new Diagnosis("its configuration is broken", "see its log")),
          Map.entry(
              "XX",
              new Diagnosis(
                  "it reports an internal error or damaged data",
                  "see its log; check the disk, and restore a backup if data are damaged")));

  /**
   * Classes of a faulty statement or of faulty data: Canvas sends none that its own tables fail.
   */
  private static final String STATEMENT_CLASSES =
      "02 03 09 0B 0F 0Z 10 20 21 22 23 24 27 2B 2D 2F 34 38 39 3B 44 72 HV P0 CV";

  private PostgresFailure() {}

  /** Explains a failure of either client, or one that has it as its cause. */
  public static Diagnosis of(Throwable failure) {
    Throwable innermost = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermost = cause;
      if (cause instanceof TlsFailure tls) {
        return new Diagnosis("there is no TLS connection", tls.getMessage());
      }
      if (cause instanceof UnknownHostException) {
        return new Diagnosis("its host is unknown", "correct the host in CANVAS_POSTGRES_URI")
            .saying(cause.getMessage());
      }
      if (cause instanceof PgException refusal) {
        return of(refusal.getSqlState()).saying(refusal.getErrorMessage());
      }
      if (cause instanceof SQLException refusal && refusal.getSQLState() != null) {
        return unreachable(refusal) ? away(refusal) : saidBy(refusal);
      }
    }
    if (innermost instanceof TimeoutException) {
      return SILENT;
    }
    return (innermost instanceof IOException ? AWAY : UNKNOWN).saying(text(innermost));
  }

  /** What a SQLSTATE means. */
  static Diagnosis of(String sqlState) {
    String state = sqlState == null || sqlState.length() < 2 ? "--" : sqlState;
    Diagnosis own = TABLE.get(state);
    if (own != null) {
      return own;
    }
    String group = state.substring(0, 2);
    Diagnosis shared = TABLE.get(group);
    if (shared != null) {
      return shared;
    }
    return STATEMENT_CLASSES.contains(group) ? CHANGED : UNKNOWN;
  }

  private static Diagnosis saidBy(SQLException refusal) {
    String words = refusal.getMessage();
    return of(refusal.getSQLState()).saying(words == null ? "" : words.replaceFirst("^\\w+: ", ""));
  }

  private static boolean unreachable(SQLException refusal) {
    return "08001".equals(refusal.getSQLState()) || "08006".equals(refusal.getSQLState());
  }

  /** The driver has one SQLSTATE for a port where nobody listens, and for one that stays silent. */
  private static Diagnosis away(SQLException refusal) {
    Throwable cause = refusal.getCause();
    if (cause instanceof UnknownHostException) {
      return of(cause);
    }
    String words = text(refusal);
    boolean silent = words.contains("timed out") || "08006".equals(refusal.getSQLState());
    return (silent ? SILENT : AWAY).saying(words.replaceFirst("\\. Check that .*", ""));
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
