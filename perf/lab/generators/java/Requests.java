import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds the requests. No body is built twice: a write of what is stored would change nothing. */
final class Requests {

  /** Documents of Canvas, and the first service's API. */
  enum Kind {
    GET,
    PUT,
    IMAGES,
    POST
  }

  private static final int SLOTS = 7;

  private final String template;
  private long name = System.nanoTime();

  /**
   * @param template the items, in which {@code @p} stands for the product and {@code @n} for a name
   */
  Requests(Path template) throws IOException {
    this.template = "{\"media\":" + Files.readString(template).replace("\n", "") + "}";
  }

  byte[] text(Kind kind, long product) {
    return switch (kind) {
      case GET -> bytes("GET", "/api/products/" + product + "/media", "");
      case PUT -> bytes("PUT", "/api/products/" + product + "/media", document(product));
      case IMAGES -> bytes("GET", "/api/images?shoe_id=" + product, "");
      case POST -> bytes("POST", "/api/images", images(product));
    };
  }

  private String document(long product) {
    return template.replace("@p", Long.toString(product)).replace("@n", "n" + name++);
  }

  private String images(long product) {
    StringBuilder body = new StringBuilder("{\"shoe_id\":").append(product);
    String folder = "https://images.example/" + product + "/" + name++;
    for (int slot = 1; slot <= SLOTS; slot++) {
      body.append(",\"img").append(slot).append("\":\"").append(folder).append('/').append(slot);
      body.append(".jpg\"");
    }
    return body.append(",\"vid1\":\"").append(folder).append("/1.mp4\"}").toString();
  }

  private static byte[] bytes(String method, String path, String body) {
    String head = method + " " + path + " HTTP/1.1\r\nHost: localhost";
    if (!body.isEmpty()) {
      head += "\r\nContent-Type: application/json\r\nContent-Length: " + body.length();
    }
    return (head + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
  }
}
