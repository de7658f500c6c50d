package dev.canvas.media;

import static dev.canvas.media.Items.assertInvalid;
import static dev.canvas.media.Items.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaReaderTest {

  private static final ProductId PRODUCT = new ProductId(42);

  private final MediaReader reader = new MediaReader(new MediaRules(false));

  @Test
  void itemsAreReadWithAllAttributes() {
    String items =
        "[{\"id\":1,\"type\":\"image\",\"url\":\"https://a.example/ä.jpg\",\"alt\":\"Left"
            + " \\\"side\\\"\","
            + "\"width\":800,\"height\":1200,\"mime\":\"image/webp\",\"focal\":{\"x\":0.5,\"y\":0.25},"
            + "\"placeholder\":\"#eee\",\"variants\":[\"red\"]},"
            + "{\"id\":9007199254740991,\"type\":\"video\",\"url\":\"/v.webm\",\"decorative\":true,"
            + "\"poster\":\"/p.jpg\"}]";
    List<MediaItem> read = reader.media(PRODUCT, Buffer.buffer("{\"media\":" + items + "}"));
    assertEquals(items, ItemsJson.encode(read).toString());
  }

  @Test
  void anItemNeedsOnlyATypeAndAUrl() {
    assertEquals(
        List.of(Items.video(MediaItem.NEW, "/v.webm")),
        media("{\"url\":\"/v.webm\",\"type\":\"video\"}"));
    assertEquals(List.of(), reader.media(PRODUCT, Buffer.buffer("{\"media\":[]}")));
    assertInvalid(() -> media("{}"), "/media/0/type", "/media/0/url");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id|0",
        "id|-1",
        "id|9007199254740992",
        "id|99999999999999999999",
        "id|1.0",
        "id|'\"1\"'",
        "type|'\"gif\"'",
        "type|'\"Image\"'",
        "type|1",
        "url|7",
        "url|null",
        "url|'\"//evil.example/\"'",
        "url|'\"http://a.example/\"'",
        "poster|'\"javascript:alert(1)\"'",
        "alt|7",
        "alt|'\"a\\u0000b\"'",
        "alt|'\"a\\nb\"'",
        "alt|'\"\\ud800\"'",
        "alt|'[\"a\"]'",
        "decorative|1",
        "decorative|'\"true\"'",
        "width|0",
        "width|100001",
        "width|'\"800\"'",
        "width|800.0",
        "width|1.5",
        "width|8e2",
        "height|-1",
        "height|true",
        "mime|'\"webp\"'",
        "mime|'\"image/webp; q=1\"'",
        "mime|'\"image/*\"'",
        "mime|'\"image/\"'",
        "mime|'\"/webp\"'",
        "mime|'\"image/a/b\"'",
        "placeholder|'\"#\"'",
        "placeholder|'\"#ggg\"'",
        "placeholder|'\"#\uff11\uff12\uff13\"'",
        "focal|7",
        "focal|'[0.5,0.5]'",
        "placeholder|'\"url(x)\"'",
        "placeholder|'\"#12345\"'",
        "placeholder|'\"red;background:url(x)\"'",
        "placeholder|'\"banana\"'",
        "placeholder|'\"rgb(1,2,3);\"'",
        "placeholder|'\"rgb(var(--x))\"'",
        "variants|'\"red\"'",
        "colour|'\"red\"'",
        "position|0"
      })
  void anInvalidValueIsReportedWithItsPointer(String name, String value) {
    String type = name.equals("poster") ? "video" : "image";
    JsonObject item = new JsonObject().put("type", type).put("url", "/a.jpg").put(name, 0);
    String text = item.encode().replace("\"" + name + "\":0", "\"" + name + "\":" + value);
    assertInvalid(
        () -> media("{\"type\":\"image\",\"url\":\"/0.jpg\"}," + text), "/media/1/" + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#abc",
        "#ABCD",
        "#d8d3cd",
        "#d8d3cd80",
        "rebeccapurple",
        "Red",
        "transparent",
        "rgb(216, 211, 205)",
        "rgb(216 211 205 / 50%)",
        "rgba(1,2,3,0.5)",
        "hsl(120deg 50% 50%)",
        "hsla(120, 50%, 50%, 0.5)"
      })
  void aCssColourIsValid(String colour) {
    assertTrue(CssColour.isValid(colour));
  }

  @Test
  void anAltMayHave500CodePoints() {
    String item = "{\"type\":\"image\",\"url\":\"/a.jpg\",\"alt\":\"%s\"}";
    assertEquals(1, media(item.formatted("👟".repeat(500))).size());
    assertInvalid(() -> media(item.formatted("👟".repeat(501))), "/media/0/alt");
    assertInvalid(() -> media(item.formatted("a".repeat(501))), "/media/0/alt");
  }

  @Test
  void attributesThatContradictEachOtherAreRefused() {
    assertInvalid(
        () ->
            media(
                "{\"type\":\"image\",\"url\":\"/a\",\"poster\":\"/p\"},"
                    + "{\"type\":\"image\",\"url\":\"/a\",\"decorative\":true,\"alt\":\"x\"},"
                    + "{\"type\":\"image\",\"url\":\"/a\",\"decorative\":true,\"alt\":\"\"},"
                    + "{\"type\":\"image\",\"url\":\"/a\",\"decorative\":false,\"alt\":\"x\"}"),
        "/media/0/poster",
        "/media/1/alt");
  }

  @Test
  void aFocalPointHasExactlyXAndY() {
    String item = "{\"type\":\"image\",\"url\":\"/a\",\"focal\":%s}";
    assertEquals(
        new MediaItem.Focal(0, 1), media(item.formatted("{\"y\":1,\"x\":-0.0}")).get(0).focal());
    assertInvalid(() -> media(item.formatted("{}")), "/media/0/focal/x", "/media/0/focal/y");
    assertInvalid(
        () -> media(item.formatted("{\"x\":1.01,\"y\":\"0\",\"z\":1}")),
        "/media/0/focal/x",
        "/media/0/focal/y",
        "/media/0/focal/z");
    assertInvalid(() -> media(item.formatted("{\"x\":1e999,\"y\":0}")), "/media/0/focal/x");
  }

  @Test
  void variantsAreUniqueNames() {
    String item = "{\"type\":\"image\",\"url\":\"/a\",\"variants\":%s}";
    assertEquals(List.of(), media(item.formatted("[]")).get(0).variants());
    assertInvalid(
        () -> media(item.formatted("[\"red\",\"\",7,\"red\",\"" + "x".repeat(101) + "\"]")),
        "/media/0/variants/2",
        "/media/0/variants/1",
        "/media/0/variants/2",
        "/media/0/variants/3");
    String many =
        IntStream.rangeClosed(0, 100)
            .mapToObj(i -> "\"v" + i + "\"")
            .collect(Collectors.joining(","));
    assertInvalid(() -> media(item.formatted("[" + many + "]")), "/media/0/variants");
  }

  @Test
  void allFaultsAreReportedTogetherUpToAHundred() {
    assertInvalid(
        () ->
            reader.media(
                PRODUCT,
                Buffer.buffer(
                    "{\"revision\":7,\"media\":[7,{\"type\":\"gif\",\"a/b~\":{\"deep\":[1]}},"
                        + "{\"type\":\"image\",\"url\":\"ftp://x\",\"width\":\"8\"}],\"extra\":[]}")),
        "/revision",
        "/media/0",
        "/media/1/type",
        "/media/1/a~1b~0",
        "/media/1/url",
        "/media/2/width",
        "/media/2/url",
        "/extra");
    String bad = IntStream.range(0, 200).mapToObj(i -> "7").collect(Collectors.joining(","));
    ProblemException many = refused(Problem.INVALID_MEDIA, () -> media(bad));
    assertEquals(100, many.toJson().getJsonArray("errors").size());
    assertEquals("'/media/0': expected an object; and 200 more", many.getMessage());
  }

  @Test
  void aProductHasAtMostFiftyItems() {
    String item = "{\"type\":\"image\",\"url\":\"/a.jpg\"}";
    assertEquals(50, media(String.join(",", java.util.Collections.nCopies(50, item))).size());
    assertInvalid(() -> media(String.join(",", java.util.Collections.nCopies(51, item))), "/media");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id",
        "alt",
        "decorative",
        "width",
        "height",
        "poster",
        "mime",
        "focal",
        "placeholder",
        "variants"
      })
  void nullStandsForAnAbsentAttribute(String name) {
    String item = "\"type\":\"video\",\"url\":\"/a.webm\"";
    assertEquals(media("{" + item + "}"), media("{" + item + ",\"" + name + "\":null}"));
  }

  @Test
  void aDocumentIsTakenAsItWasReadIfItIsOfThatProduct() {
    assertEquals(
        List.of(),
        reader.media(
            PRODUCT,
            Buffer.buffer("\ufeff{\"product_id\":42,\"version\":1795380000000123,\"media\":[]}")));
    for (String other : List.of("43", "\"42\"", "42.0")) {
      assertInvalid(
          () -> reader.media(PRODUCT, Buffer.buffer("{\"product_id\":" + other + ",\"media\":[]}")),
          "/product_id");
    }
    assertInvalid(
        () -> reader.media(PRODUCT, Buffer.buffer("{\"if_version\":7,\"media\":[]}")),
        "/if_version");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|The body is empty: expected JSON",
        "' '|The body is blank: expected JSON",
        "[|The body is not valid JSON: line 1",
        "1|expected an object",
      })
  void aBodyThatIsNoObjectIsToldAsWhatItIs(String body, String detail) {
    Problem problem = body.equals("1") ? Problem.INVALID_MEDIA : Problem.MALFORMED_REQUEST;
    String told = refused(problem, () -> reader.media(PRODUCT, Buffer.buffer(body))).getMessage();
    assertTrue(told.contains(detail), told);
  }

  @ParameterizedTest
  @CsvSource({"c181, 0xC1", "c0af, 0xC0", "eda0bdedb1a0, 0xED", "edbfbf, 0xED", "e9, 0xE9"})
  void whatIsNotStrictUtf8IsRefusedWithItsPosition(String hex, String wrong) {
    for (String around :
        List.of("{\"media\":[{\"type\":\"image\",\"url\":\"/%s\"}]}", "{\"%s\":[]}")) {
      String[] parts = around.split("%s", 2);
      Buffer body =
          Buffer.buffer(parts[0])
              .appendBytes(java.util.HexFormat.of().parseHex(hex))
              .appendString(parts[1]);
      String told =
          refused(Problem.MALFORMED_REQUEST, () -> reader.media(PRODUCT, body)).getMessage();
      assertEquals(
          "The body is not UTF-8: byte %d is %s; send it in UTF-8"
              .formatted(parts[0].length() + 1, wrong),
          told);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "null", "\"x\"", "true"})
  void aBodyThatIsNotAnObjectIsInvalid(String body) {
    Buffer bytes = Buffer.buffer(body + " ");
    assertInvalid(() -> reader.media(PRODUCT, bytes), "");
    assertInvalid(() -> reader.order(bytes), "");
    assertInvalid(() -> reader.patch(bytes), "");
    refused(Problem.INVALID_MEDIA, () -> reader.item(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "  \n ",
        "x",
        "{",
        "{\"media\":",
        "{\"media\":[}",
        "{\"media\":[]",
        "{\"media\":[]}}",
        "{\"media\":[]} {}",
        "{\"media\":[],}",
        "{'media':[]}",
        "{\"media\":[],\"media\":[]}",
        "{\"media\":[{\"url\":\"/a\",\"url\":\"/b\",\"type\":\"image\"}]}",
        "{\"media\":[{\"colour\":{\"a\":1,\"a\":2}}]}",
        "{\"media\":[{\"alt\":\"a\tb\"}]}",
        "{\"media\":[{\"width\":01}]}",
        "{\"media\":[{\"width\":NaN}]}",
        "\ufeff"
      })
  void aBodyThatIsNotJsonIsMalformed(String body) {
    ProblemException refused =
        refused(Problem.MALFORMED_REQUEST, () -> reader.media(PRODUCT, Buffer.buffer(body)));
    assertFalse(refused.getMessage().contains("Source"), refused.getMessage());
  }

  @Test
  void aMalformedBodyIsReportedWithLineAndColumn() {
    ProblemException refused =
        refused(
            Problem.MALFORMED_REQUEST,
            () -> reader.media(PRODUCT, Buffer.buffer("{\n  \"media\": [x]}")));
    assertTrue(refused.getMessage().contains("line 2, column 1"), refused.getMessage());
  }

  @Test
  void onlyUtf8IsAccepted() {
    String body = "{\"media\":[]}";
    for (java.nio.charset.Charset charset :
        List.of(
            StandardCharsets.UTF_16,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE,
            java.nio.charset.Charset.forName("UTF-32"),
            java.nio.charset.Charset.forName("UTF-32LE"))) {
      Buffer bytes = Buffer.buffer(body.getBytes(charset));
      refused(Problem.MALFORMED_REQUEST, () -> reader.media(PRODUCT, bytes));
    }
    Buffer latin =
        Buffer.buffer("{\"media\":[{\"alt\":\"ä\"}]}".getBytes(StandardCharsets.ISO_8859_1));
    refused(Problem.MALFORMED_REQUEST, () -> reader.media(PRODUCT, latin));
  }

  @Test
  void deepAndLongBodiesAreRefusedWithAShortMessage() {
    String deep = "[".repeat(100_000);
    refused(
        Problem.MALFORMED_REQUEST,
        () -> reader.media(PRODUCT, Buffer.buffer("{\"media\":" + deep)));
    String digits = "{\"media\":[{\"width\":" + "9".repeat(200_000) + "}]}";
    refused(Problem.MALFORMED_REQUEST, () -> reader.media(PRODUCT, Buffer.buffer(digits)));
    String key = "\"" + " ".repeat(40_000) + "\"";
    ProblemException twice =
        refused(
            Problem.MALFORMED_REQUEST,
            () -> reader.media(PRODUCT, Buffer.buffer("{" + key + ":1," + key + ":2}")));
    assertTrue(twice.getMessage().length() < 400, twice.getMessage());
    String name = "{\"" + "\\ud800".repeat(100) + "\":1,\"media\":[]}";
    ProblemException problem =
        refused(Problem.INVALID_MEDIA, () -> reader.media(PRODUCT, Buffer.buffer(name)));
    assertTrue(problem.toJson().toBuffer().length() < 1_000);
  }

  @Test
  void httpUrlsAreValidOnlyIfAllowed() {
    Buffer body =
        Buffer.buffer("{\"media\":[{\"type\":\"image\",\"url\":\"http://a.example/1.jpg\"}]}");
    assertInvalid(() -> reader.media(PRODUCT, body), "/media/0/url");
    assertEquals(1, new MediaReader(new MediaRules(true)).media(PRODUCT, body).size());
  }

  @ParameterizedTest
  @CsvSource({
    "image, video/mp4",
    "image, text/html",
    "image, imagex/webp",
    "video, image/webp",
    "video, application/octet-stream"
  })
  void mediaTypeFitsTheType(String type, String mime) {
    String item = "{\"type\":\"%s\",\"url\":\"/a\",\"mime\":\"%s\"}";
    assertInvalid(() -> media(item.formatted(type, mime)), "/media/0/mime");
    assertEquals(1, media(item.formatted(type, type.toUpperCase(Locale.ROOT) + "/x")).size());
    Buffer patch = Buffer.buffer("{\"mime\":\"" + mime + "\"}");
    assertEquals(new ItemPatch(patch.toString()), reader.patch(patch));
  }

  @Test
  void anItemToAddMustHaveNoId() {
    String item = "{\"type\":\"image\",\"url\":\"/a.jpg\"%s}";
    assertEquals(
        Items.picture(MediaItem.NEW, "/a.jpg"), reader.item(Buffer.buffer(item.formatted(""))));
    assertInvalid(() -> reader.item(Buffer.buffer(item.formatted(",\"id\":7"))), "/id");
  }

  @Test
  void aPatchMayHaveAnyAttributesAndNulls() {
    for (String patch :
        new String[] {"{}", "{\"alt\":null,\"focal\":{\"x\":0.1}}", "{\"focal\":{\"x\":null}}"}) {
      assertEquals(new ItemPatch(patch), reader.patch(Buffer.buffer(patch)));
      assertEquals(new ItemPatch(patch), reader.patch(Buffer.buffer("\ufeff" + patch)));
    }
    assertInvalid(
        () ->
            reader.patch(
                Buffer.buffer(
                    "{\"colour\":null,\"width\":\"8\",\"url\":\"http://a.example/\",\"focal\":{\"z\":null}}")),
        "/colour",
        "/width",
        "/focal/z",
        "/url");
  }

  @Test
  void anOrderIsAListOfIds() {
    assertEquals(List.of(3L, 1L), reader.order(Buffer.buffer("{\"order\":[3,1]}")));
    assertEquals(List.of(), reader.order(Buffer.buffer("{\"order\":[]}")));
    assertInvalid(
        () -> reader.order(Buffer.buffer("{\"order\":[1,\"2\",0,null,1.5]}")),
        "/order/1",
        "/order/2",
        "/order/3",
        "/order/4");
    assertInvalid(() -> reader.order(Buffer.buffer("{\"order\":7}")), "/order");
    assertInvalid(() -> reader.order(Buffer.buffer("{}")), "/order");
  }

  private List<MediaItem> media(String items) {
    return reader.media(PRODUCT, Buffer.buffer("{\"media\":[" + items + "]}"));
  }
}
