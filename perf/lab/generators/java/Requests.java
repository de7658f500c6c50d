import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds the requests. No body is built twice: a write of what is stored would change nothing. */
final class Requests {

  private final String template;
  private long name = System.nanoTime();

  /**
   * @param template the items, in which {@code @p} stands for the product and {@code @n} for a name
   */
  Requests(Path template) throws IOException {
    this.template = "{\"media\":" + Files.readString(template).replace("\n", "") + "}";
  }

  byte[] get(long product) {
    return bytes("GET", product, "\r\n\r\n");
  }

  byte[] put(long product) {
    String body = template.replace("@p", Long.toString(product)).replace("@n", "n" + name++);
    return bytes(
        "PUT",
        product,
        "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static byte[] bytes(String method, long product, String rest) {
    String head = method + " /api/products/" + product + "/media HTTP/1.1\r\nHost: localhost";
    return (head + rest).getBytes(StandardCharsets.US_ASCII);
  }
}
