package dev.canvas.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.testing.CouchDbTestStore;
import dev.canvas.testing.Secrets;
import dev.canvas.testing.TestCouchDb;
import dev.canvas.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The doctor's findings about CouchDB: each failure has its own sentence and its own remedy. */
class CouchDbChecksIT {

  private static final String WELCOME =
      "{\"couchdb\":\"Welcome\",\"version\":\"3.3.3\",\"vendor\":{\"name\":\"Apache\"}}";

  @Test
  void aMissingDatabaseIsNoFailure() {
    try (CouchDbTestStore store = new CouchDbTestStore(TestCouchDb.shared())) {
      List<Finding> findings = new CouchDbChecks(CouchDbSettings.of(store.uri())).findings();
      assertEquals("does not exist yet", findings.get(2).observation(), findings::toString);
      assertEquals(201, store.request("PUT", "", null).statusCode());
      findings = new CouchDbChecks(CouchDbSettings.of(store.uri())).findings();
      assertEquals("exists and is empty", findings.get(2).observation(), findings::toString);
    }
  }

  @Test
  void aWrongPasswordIsTold() {
    URI server = URI.create(TestCouchDb.shared());
    if (server.getUserInfo() != null) {
      assertTold(
          first(port(server.toString())), "it refuses the user or the password", "correct them");
    }
  }

  /** The words are those of CouchDB 3.3, of NGINX, and of Elasticsearch. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/ | 401 | {'error':'unauthorized','reason':'Name or password is incorrect.'}"
            + " | it refuses the user or the password | correct them",
        "/ | 403 | {'error':'forbidden','reason':'Account is temporarily locked.'}"
            + " | it refuses the user or the password | correct them",
        "/ | 401 | {'error':'unauthorized','reason':'Authentication required.'}"
            + " | it lets nobody in without a password | name a user",
        "/canvas | 403 | {'error':'forbidden','reason':'You are not allowed to access this db.'}"
            + " | the user lacks a right | make the user a member",
        "/canvas | 401 | {'error':'unauthorized','reason':'You are not a server admin.'}"
            + " | the user lacks a right | make the user a member",
        "/canvas | 500 | {'error':'enospc','reason':'No space left on device'}"
            + " | its disk is full | free some space",
        "/canvas | 429 | {'error':'too_many_requests','reason':'x'}"
            + " | it takes no more requests now | relieve it",
        "/ | 502 | <html>Bad Gateway</html> | or a proxy does not reach it | read its log",
        "/ | 404 | <html>Not Found</html> | what listens there is no CouchDB | check the port",
        "/ | 200 | <html>Welcome to nginx!</html>"
            + " | what listens there is no CouchDB | check the port",
        "/ | 200 | {'name':'x','version':{'number':'8.1'},'tagline':'You Know, for Search'}"
            + " | what listens there is no CouchDB | check the port",
      })
  void whatAServerAnswersIsTold(
      String path, int status, String body, String problem, String remedy) {
    Map<String, String> answers = new HashMap<>(Map.of("/", "200 " + WELCOME));
    answers.put(path, status + " " + body.replace('\'', '"'));
    assertTold(firstFailure(answers), problem, remedy);
  }

  @Test
  void aUserWhoMayNotCreateTheDatabaseIsTold() {
    Finding found =
        firstFailure(
            Map.of(
                "/",
                "200 " + WELCOME,
                "/_session",
                "200 {\"ok\":true,\"userCtx\":{\"name\":\"me\",\"roles\":[]}}"));
    assertTold(found, "does not exist, and the user may not create it", "name a server admin");
  }

  @Test
  void aPortThatIsNoCouchDbIsTold() {
    for (String uri :
        List.of(TestServers.shared().redisUri(), TestServers.shared().postgresUri())) {
      assertTold(first(port(uri)), "closes the connection", "whether CouchDB listens at the port");
    }
  }

  @Test
  void aServerThatIsNotThereIsTold() throws IOException {
    assertTold(first("http://me:%s@127.0.0.1:1"), "it does not answer", "start it");
    assertTold(first("http://me:%s@couch.invalid:5984"), "its host is unknown", "correct the host");
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertTold(
          first("http://me:%s@127.0.0.1:" + silent.getLocalPort()), "does not answer", "frozen");
    }
  }

  private static void assertTold(Finding found, String problem, String remedy) {
    assertEquals(Finding.Verdict.FAIL, found.verdict(), found::toString);
    assertTrue(found.observation().contains(problem), found::toString);
    assertTrue(found.remedy().contains(remedy), found::toString);
    assertEquals(remedy.equals("start it"), found.remedy().contains("start it"), found::toString);
    assertFalse(Secrets.isShownIn(found.toString()), found::toString);
  }

  /** The finding about a server that gives these answers; a status and a body by path. */
  private static Finding firstFailure(Map<String, String> answers) {
    Vertx vertx = Vertx.vertx();
    try {
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> {
                    String[] answer =
                        answers
                            .getOrDefault(
                                request.path(),
                                "404 {\"error\":\"not_found\",\"reason\":\"missing\"}")
                            .split(" ", 2);
                    request.response().setStatusCode(Integer.parseInt(answer[0])).end(answer[1]);
                  })
              .listen(0, "127.0.0.1")
              .await(20, TimeUnit.SECONDS);
      return findings("http://me:%s@127.0.0.1:" + server.actualPort()).stream()
          .filter(finding -> finding.verdict() == Finding.Verdict.FAIL)
          .findFirst()
          .orElseThrow();
    } catch (java.util.concurrent.TimeoutException late) {
      throw new IllegalStateException(late);
    } finally {
      vertx.close();
    }
  }

  /** The port of another server, as one of CouchDB. */
  private static String port(String uri) {
    return "http://me:%s@" + URI.create(uri).getAuthority().replaceFirst(".*@", "");
  }

  private static Finding first(String server) {
    return findings(server).get(0);
  }

  private static List<Finding> findings(String server) {
    String uri = server.formatted(Secrets.secret("couch")) + "/canvas";
    return new CouchDbChecks(CouchDbSettings.of(uri)).findings();
  }
}
