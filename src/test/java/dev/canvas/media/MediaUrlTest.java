package dev.canvas.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example/1.jpg",
        "HTTPS://a.example/1.jpg",
        "https://a.example",
        "https://a-b.c1.example/1~2.jpg?v=1&w=2,3+4",
        "https://my_bucket.s3.example/1.jpg",
        "https://my_bucket.s3.example:8443/1.jpg?a=b#c",
        "https://_a.example",
        "https://a.example./1.jpg",
        "https://a.example:8443/p/?w=800&h=%2F#top",
        "https://xn--bcher-kva.example/ä/größe.jpg",
        "https://a.example/%5C%2F%2e%2e/1.jpg",
        "/samples/1.jpg",
        "/",
        "/a//b",
        "/1.jpg?v=2",
        "/größe.jpg"
      })
  void httpsUrlsAndPathsOfThisSiteAreValid(String url) {
    assertNull(faultOf(url, false));
    assertNull(faultOf(url, true));
  }

  @Test
  void httpUrlsAreValidOnlyIfAllowed() {
    assertNotNull(faultOf("http://a.example/1.jpg", false));
    assertNull(faultOf("http://a.example/1.jpg", true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1.jpg",
        "./1.jpg",
        "../1.jpg",
        "?a=1",
        "#a",
        "//evil.example/1.jpg",
        "///evil.example/1.jpg",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a b",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:image/svg+xml,<svg onload=alert(1)>",
        "blob:https://a.example/1",
        "file:///etc/passwd",
        "ftp://a.example/1.jpg",
        "vbscript:x",
        "https:1.jpg",
        "https:/a.example/1.jpg",
        "https:///a.example/1.jpg",
        "https://",
        "https://a..example/1.jpg",
        "https://.a.example/1.jpg",
        "https://-a.example/1.jpg",
        "https://a-.example/1.jpg",
        "https://a.-example/1.jpg",
        "https://a.1/1.jpg",
        "https://1.2.3.256/1.jpg",
        "https://:443/",
        "https://a.example:99999/",
        "https://a.example:x/",
        "https://user@a.example/",
        "https://user:secret@a.example/",
        "https://@a.example/",
        "https://a.example\\@evil.example/",
        "https://a.example%2f@evil.example/",
        "https://ex%61mple.com/",
        "https://exämple.com/",
        "https://ｅvil.example/",
        "https://a.example／evil/",
        " https://a.example/",
        "https://a.example/ ",
        "https://a.example/\u0000",
        "https://a.example/\u007f",
        "https://a.example/\u0085",
        "https://a.example/\u00a0",
        "https://a.example/\u2028",
        "https://a.example/\u202egpj.exe",
        "https://a.example/\u200b",
        "https://a.example/\ufeff",
        "https://a.example/\ud800",
        "https://a.example/\"onload=",
        "https://a.example/<script>",
        "https://a.example/{x}",
        "https://a.example/%zz",
        "https://a.example/%",
        "https://a_b.example:99999/",
        "https://a_b.example:x/",
        "https://u@a_b.example/",
        "https://a_b..example/",
        "https://a_b.1/",
        "https://-a.example/"
      })
  void anythingElseIsInvalid(String url) {
    assertNotNull(faultOf(url, false), url);
    assertNotNull(faultOf(url, true), url);
  }

  @ParameterizedTest
  @CsvSource({
    "https://bücher.example/ä.jpg, https://xn--bcher-kva.example/ä.jpg",
    "https://BÜCHER.example:8443/?ü#ü, https://xn--bcher-kva.example:8443/?ü#ü",
    "https://例え。テスト/1.jpg, https://xn--r8jz45g.xn--zckzah/1.jpg",
    "https://ｅvil.example/, https://evil.example/",
    "https://my_bücher.example/, https://xn--my_bcher-95a.example/"
  })
  void anInternationalHostIsStoredInItsAsciiForm(String url, String ascii) {
    assertEquals(ascii, MediaUrl.withAsciiHost(url));
    assertNull(faultOf(ascii, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://faß.example/",
        "https://a.example／evil/",
        "https://a.example℀evil/",
        "https://user@bücher.example/",
        "https://\u1c80.example/",
        "https://ü\u200d.example/",
        "javascript://bücher.example/"
      })
  void aHostThatBrowsersMightReadDifferentlyIsRefused(String url) {
    assertEquals(url, MediaUrl.withAsciiHost(url));
    assertNotNull(faultOf(url, false));
  }

  @Test
  void aUrlHasAtMost2048Characters() {
    String longest = "/" + "a".repeat(2_047);
    assertNull(faultOf(longest, false));
    assertEquals("expected at most 2048 characters", faultOf(longest + "a", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST.",
        "shop.localhost",
        "intranet",
        "_nas",
        "printer.local",
        "metadata.google.internal",
        "nas.lan",
        "router.home.arpa",
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "192.0.2.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[2001:db8::1]"
      })
  void hostThatIsNotPublicHasToBeListed(String host) {
    MediaHosts listed = MediaHosts.of(List.of("*", host));
    for (String url : List.of("https://" + host + "/1.jpg", "https://" + host + ":8443/?a=%2F")) {
      String fault = MediaUrl.faultOf(url, false, MediaHosts.PUBLIC);
      assertTrue(fault != null && fault.contains("media.hosts"), url + " " + fault);
      assertNull(MediaUrl.faultOf(url, false, listed), url);
    }
  }

  @Test
  void whereHostsAreListedOthersAreRefused() {
    MediaHosts listed =
        MediaHosts.of(List.of("CDN.example", "*.img.example", "bücher.example", "[2001:DB8:0::1]"));
    for (String url :
        List.of(
            "https://cdn.example/1.jpg",
            "https://cdn.example.:444/1.jpg",
            "https://a.img.example/",
            "https://a.b.img.example/",
            "https://xn--bcher-kva.example/",
            "https://[2001:db8::0:1]/",
            "/1.jpg")) {
      assertNull(MediaUrl.faultOf(url, false, listed), url);
    }
    for (String url :
        List.of(
            "https://www.cdn.example/1.jpg",
            "https://img.example/",
            "https://evilimg.example/",
            "https://cdn.example.evil.example/",
            "https://[2001:db8::2]/",
            "https://localhost/")) {
      assertEquals(
          "expected a host of the setting media.hosts, or a path on this site",
          MediaUrl.faultOf(url, false, listed),
          url);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://a.example:0/", "https://my_cdn.example:00/", "https://[fe80::1%25eth0]/"})
  void portAndZoneThatNoBrowserTakesAreRefusedWhateverIsListed(String url) {
    assertNotNull(MediaUrl.faultOf(url, false, MediaHosts.ANY), url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://a.example", "a.example:80", "a/b", "*.", "a*", "[::1", "::1", " "})
  void whatIsNoHostCannotBeListed(String entry) {
    assertThrows(IllegalArgumentException.class, () -> MediaHosts.of(List.of(entry)));
  }

  private static String faultOf(String url, boolean allowHttp) {
    return MediaUrl.faultOf(url, allowHttp, MediaHosts.PUBLIC);
  }
}
