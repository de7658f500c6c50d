package dev.canvas.http.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.http.RunningHttp;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The file that loader.io asks a site for before it sends load. */
@Timeout(20)
class LoaderioFileTest {

  @RegisterExtension static final RunningHttp SERVER = new RunningHttp();

  @Test
  void theFileHoldsItsOwnName() throws Exception {
    String name = "loaderio-" + RunningHttp.LOADERIO_TOKEN;
    HttpResponse<String> answer = SERVER.get("/" + name + ".txt");
    assertEquals(200, answer.statusCode());
    assertEquals(name, answer.body());
    assertEquals("text/plain; charset=us-ascii", PageAssertions.header(answer, "content-type"));
  }

  @Test
  void noOtherTokenIsConfirmed() throws Exception {
    assertEquals(404, SERVER.get("/loaderio-0.txt").statusCode());
    assertEquals(404, SERVER.get("/loaderio-.txt").statusCode());
  }
}
