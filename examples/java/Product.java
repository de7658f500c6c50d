import dev.canvas.client.Addresses;
import dev.canvas.client.CanvasClient;
import dev.canvas.cluster.ClusterMember;
import dev.canvas.cluster.ClusterSettings;
import dev.canvas.media.MediaItem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Joins the cluster of Canvas, then writes, reads and follows a product: Product.java ID */
public class Product {

  public static void main(String[] arguments) throws Exception {
    ProductId product = new ProductId(Long.parseLong(arguments[0]));
    ClusterSettings settings = ClusterSettings.ofEnvironment(System.getenv());
    Vertx vertx = new ClusterMember(settings).join(Vertx.builder(), new VertxOptions());
    try {
      CanvasClient canvas = new CanvasClient(vertx.eventBus(), Duration.ofSeconds(20));
      BlockingQueue<JsonObject> changes = new LinkedBlockingQueue<>();
      vertx
          .eventBus()
          .<JsonObject>consumer(Addresses.MEDIA_CHANGED, change -> changes.add(change.body()))
          .completion()
          .await();

      MediaItem item = MediaItem.file(MediaItem.Type.IMAGE, "/java.jpg");
      ProductMedia written = canvas.put(product, List.of(item)).await();
      System.out.println("read " + canvas.get(product).await().items().get(0).url());

      JsonObject change;
      do {
        change = changes.take();
      } while (change.getLong("product_id") != product.value()
          || change.getLong("version") < written.version());
      System.out.println("heard of version " + written.version());
    } catch (ProblemException refused) {
      System.err.println(refused.toJson());
      vertx.close().await();
      System.exit(1);
    }
    vertx.close().await();
  }
}
