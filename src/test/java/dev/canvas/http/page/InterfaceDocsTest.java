package dev.canvas.http.page;

import static dev.canvas.http.Media.picture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.RunningHttp;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InterfaceDocsTest {

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  private static final Pattern LINK = Pattern.compile("href=\"#([^\"]+)\"");
  private static final Pattern ID = Pattern.compile(" id=\"([^\"]+)\"");

  @Test
  void everyOperationOfBothDocumentsIsShownAndLinked() throws Exception {
    HttpResponse<String> answer = http.get("/docs");
    assertEquals(200, answer.statusCode());
    String page = answer.body();
    List<String> ids = all(ID, page);
    assertEquals(ids.size(), Set.copyOf(ids).size(), "ids are unique");
    assertTrue(ids.containsAll(all(LINK, page)));
    List<String> operations = new ArrayList<>(messages().fieldNames());
    operations.addAll(
        all(Pattern.compile("\"operationId\": ?\"([^\"]+)\""), document("/openapi.json")));
    assertTrue(operations.size() > 25, operations::toString);
    assertTrue(ids.containsAll(operations), operations + " in " + ids);
  }

  @Test
  void operatorsFindItInTheFooterOfPages() throws Exception {
    http.media().put(1, picture(1, "/p"));
    for (String path : List.of("/", "/products/1")) {
      String page = http.get(path).body();
      assertTrue(page.contains("<a href=\"/docs\">Interfaces</a>"), path + ": " + page);
    }
  }

  @Test
  void thePageHasNoScriptAndNoForeignAsset() throws Exception {
    String page = http.get("/docs").body();
    assertFalse(page.contains("<script"), "no script");
    assertFalse(page.contains("src=") || page.contains("href=\"http"), "no foreign asset");
    assertFalse(page.contains("`"), "no backticks");
    String policy = http.get("/docs").headers().firstValue("content-security-policy").orElse("");
    assertTrue(policy.startsWith("default-src 'none'"), policy);
  }

  private static JsonObject messages() throws Exception {
    return new JsonObject(document("/asyncapi.json")).getJsonObject("operations");
  }

  private static String document(String path) throws Exception {
    return http.get(path).body();
  }

  private static List<String> all(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
