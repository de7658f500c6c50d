package peer;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Product media with Spring WebFlux as a JVM team would write it: Caffeine in front of Redis
 * (Lettuce), and Postgres (R2DBC) behind. A document may be 200 ms old.
 *
 * <p>It does: route, validate, read through both caches, join equal reads, write durably and delete
 * from both caches; 304, batches, and the first service's GET. It does not: keep a read that
 * overlaps a write from caching the old document, tell other nodes of a write (they are 200 ms
 * behind), refuse a write of an old version, compress, count requests.
 */
@SpringBootApplication
public class SpringPeer {

  public static void main(String[] arguments) {
    SpringApplication.run(SpringPeer.class, arguments);
  }

  /** One connection, which pipelines the commands of all event loops. */
  @Bean
  RedisAsyncCommands<String, byte[]> redis(@Value("${redis.uri}") String uri) {
    return RedisClient.create(uri)
        .connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
        .async();
  }
}
