import client.ApiClient;
import client.ApiException;
import client.api.MediaApi;
import client.model.Document;
import client.model.Media;
import client.model.MediaMediaInner;
import java.util.List;
import java.util.Objects;

/**
 * A program against openapi.json with the client that OpenAPI Generator makes: reads, writes, meets
 * a conflict, and deletes. The argument is the address of a service that anybody may write to.
 */
final class Client {

  private static final long PRODUCT = 900003;

  private Client() {}

  public static void main(String[] arguments) throws ApiException {
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    MediaApi api = new MediaApi(client);
    check("an absent product", 404, statusOf(() -> api.getMedia(PRODUCT, null)));

    MediaMediaInner item =
        new MediaMediaInner()
            .type(MediaMediaInner.TypeEnum.IMAGE)
            .url("https://cdn.example/1.jpg")
            .alt("Left side")
            .width(800)
            .height(1000);
    Document created = api.putMedia(PRODUCT, new Media().media(List.of(item)), null, null);
    check("what was written", created, api.getMedia(PRODUCT, null));
    check("its picture", "https://cdn.example/1.jpg", created.getMedia().get(0).getUrl());
    long version = created.getVersion();

    check(
        "a write over another version",
        412,
        statusOf(
            () -> api.putMedia(PRODUCT, new Media().media(List.of()), tag(version - 1), null)));
    api.deleteMedia(PRODUCT, tag(version));
    check("its end", 404, statusOf(() -> api.getMedia(PRODUCT, null)));
    System.out.println("the Java client: absent, created, read, refused, deleted");
  }

  private static String tag(long version) {
    return '"' + Long.toString(version) + '"';
  }

  private interface Call {
    void run() throws ApiException;
  }

  private static int statusOf(Call call) {
    try {
      call.run();
      return 200;
    } catch (ApiException refused) {
      return refused.getCode();
    }
  }

  private static void check(String what, Object expected, Object found) {
    if (!Objects.equals(expected, found)) {
      throw new IllegalStateException(what + ": expected " + expected + ", found " + found);
    }
  }
}
