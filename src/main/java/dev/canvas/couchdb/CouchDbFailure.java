package dev.canvas.couchdb;

import dev.canvas.diagnosis.Diagnosis;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Says what a failure of CouchDB means and what to do about it: the one table of its answers, for
 * the start, the log, the health and the doctor.
 */
public final class CouchDbFailure {

  private static final String URI = "in CANVAS_COUCHDB_URI";

  private static final Diagnosis AWAY =
      new Diagnosis(
          "it does not answer", "start it, or correct the host and the port in CANVAS_COUCHDB_URI");

  private static final Diagnosis SILENT =
      new Diagnosis(
          "something accepts connections there, but does not answer",
          "check the port " + URI + ", and whether the server is frozen or overloaded");

  private static final Diagnosis NO_COUCHDB =
      new Diagnosis(
          "what listens there is no CouchDB",
          "check the port " + URI + ", and whether it should begin with https");

  private static final Diagnosis CLOSED =
      new Diagnosis(
          "the server closes the connection",
          "check whether CouchDB listens at the port " + URI + ", and read its log");

  private static final Diagnosis PASSWORD =
      new Diagnosis("it refuses the user or the password", "correct them " + URI);

  private static final Diagnosis NO_USER =
      new Diagnosis("it lets nobody in without a password", "name a user and a password " + URI);

  /** The user may not do what Canvas does. */
  public static final Diagnosis RIGHT =
      new Diagnosis(
          "the user lacks a right",
          "make the user a member of the database (PUT /DATABASE/_security), or name a server"
              + " admin "
              + URI
              + "; only such a one can create the database");

  private static final Diagnosis MISSING =
      new Diagnosis(
          "the database does not exist, or Canvas has not prepared it",
          "start ./canvas serve once, which creates it, or correct its name " + URI);

  private static final Diagnosis BROKEN =
      new Diagnosis(
          "it cannot answer for a fault of its own, or a proxy does not reach it",
          "read its log, and that of the proxy");

  private static final Map<Integer, Diagnosis> TABLE =
      Map.of(
          400,
          new Diagnosis("it does not take what Canvas asks", "use CouchDB 3 or later itself"),
          404,
          MISSING,
          412,
          new Diagnosis("it does not take the name of the database", "use another one " + URI),
          413,
          new Diagnosis(
              "a document is too large for it",
              "raise max_document_size and max_http_request_size"),
          429,
          new Diagnosis("it takes no more requests now", "relieve it, or give it more resources"),
          202,
          new Diagnosis(
              "too few nodes of its cluster store what is written",
              "repair the cluster; Canvas promises its guarantee with one server only"));

  private CouchDbFailure() {}

  /** Explains a failure of the client, or one that has it as its cause. */
  public static Diagnosis of(Throwable failure) {
    Throwable innermost = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermost = cause;
      if (cause instanceof CouchDbClient.ErrorException answer) {
        return answered(answer);
      }
      if (cause instanceof UnknownHostException) {
        return new Diagnosis("its host is unknown", "correct the host " + URI)
            .saying(cause.getMessage());
      }
      if (cause instanceof SSLException) {
        return new Diagnosis(
                "there is no TLS connection",
                "let Java trust the certificate, or begin the address with http " + URI)
            .saying(cause.getMessage());
      }
    }
    if (innermost instanceof TimeoutException) {
      return SILENT;
    }
    if (innermost instanceof CouchDbClient.NotCouchDbException) {
      return NO_COUCHDB;
    }
    if (innermost instanceof HttpClosedException) {
      return CLOSED;
    }
    return innermost instanceof IOException
        ? AWAY.saying(innermost.getMessage())
        : new Diagnosis(text(innermost), "check what CANVAS_COUCHDB_URI names");
  }

  private static Diagnosis answered(CouchDbClient.ErrorException answer) {
    String words = text(answer);
    if (!answer.isCouchDbs()) {
      // A proxy tells of a server behind it by these; anything else is another service.
      return (answer.status() / 100 == 5 ? BROKEN : NO_COUCHDB).saying(words);
    }
    if (words.contains("enospc")) {
      return new Diagnosis("its disk is full", "free some space there").saying(words);
    }
    if (answer.status() == 401 || answer.status() == 403) {
      return refused(words);
    }
    return TABLE.getOrDefault(answer.status(), BROKEN).saying(words);
  }

  /** Only CouchDB's words tell apart why it answers 401 or 403. */
  private static Diagnosis refused(String words) {
    if (words.contains("password") || words.contains("locked")) {
      return PASSWORD.saying(words);
    }
    return (words.contains("Authentication required") ? NO_USER : RIGHT).saying(words);
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
