package dev.canvas.http.page;

import static dev.canvas.http.Media.picture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.HttpSettings.OperatorTools;
import dev.canvas.http.RunningHttp;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What shoppers see of pages, where the tools of operators are hidden. */
@Timeout(20)
class OperatorToolsTest {

  @RegisterExtension static final RunningHttp SERVER = new RunningHttp(OperatorTools.HIDDEN);

  @Test
  void shoppersSeeNeitherThePanelNorLinksToTheEditorAndJson() throws Exception {
    SERVER.media().put(1, picture(1, "/p"));
    for (String path : new String[] {"/", "/products/1", "/products/2"}) {
      HttpResponse<String> page = SERVER.get(path);
      PageAssertions.assertPage(page);
      for (String tool :
          new String[] {"/edit", "JSON", "/docs", "panel", " ms<", "./canvas", "1 picture<"}) {
        assertFalse(PageAssertions.markup(page).contains(tool), path + ": " + tool);
      }
    }
    assertEquals(200, SERVER.get("/products/1/edit").statusCode(), "the editor stays");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "\"text\"", "{\"a\":1}", "[1]", "[null]", "[{}]", "[[]]"})
  void unreadableMediaSpoilNothing(String items) throws Exception {
    SERVER.media().putRaw(1, items).put(2, picture(2, "/second"));
    HttpResponse<String> catalogue = SERVER.get("/");
    assertEquals(200, catalogue.statusCode());
    assertTrue(catalogue.body().contains("/second"), catalogue.body());
    assertFalse(catalogue.body().contains("href=\"/products/1\""), catalogue.body());
    HttpResponse<String> page = SERVER.get("/products/1");
    PageAssertions.assertProblemPage(500, page);
    assertFalse(page.body().contains("cannot be read"), page.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/products/1/nothing", "/api/nothing", "/favicon.ico"})
  void unknownPathIsAPageForBrowsersAndAProblemForOthers(String path) throws Exception {
    String browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    HttpResponse<String> page = SERVER.get(path, "Accept", browser);
    PageAssertions.assertProblemPage(404, page);
    assertTrue(page.body().contains("We can’t find that page"), page.body());
    for (String accept : new String[] {"*/*", "application/json", "image/avif,image/webp,*/*"}) {
      HttpResponse<String> problem = SERVER.get(path, "Accept", accept);
      assertEquals(404, problem.statusCode());
      assertEquals("application/problem+json", PageAssertions.header(problem, "content-type"));
    }
  }
}
