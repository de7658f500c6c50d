package dev.canvas.seed.source;

import dev.canvas.media.Problem;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * Records that one thread reads and deals to the streams in small blocks, one after the other, so
 * that all of them work while little waits in memory. So many blocks of a stream are a chunk.
 */
public final class SingleReaderSource implements ProductSource {

  private static final int BLOCK = 64;
  private static final int WAITING = 3;
  private static final long POLL_MS = 100;

  /** Records that follow each other. Immutable; without a chunk it is the end. */
  private record Block(int chunk, long place, List<Records.Unparsed> records) {
    static final Block END = new Block(-1, 0, List.of());

    boolean isEnd() {
      return chunk < 0;
    }
  }

  private final Records records;
  private final int streams;
  private final int blocksOfChunk;
  private final IntPredicate done;
  private final List<BlockingQueue<Block>> queues = new ArrayList<>();
  private final Block[] held;
  private final Thread dealer;
  private volatile boolean closed;
  private volatile Exception failure;

  /**
   * @param batch records of a chunk
   * @param done the chunks that are not wanted
   */
  public SingleReaderSource(Records records, int streams, int batch, IntPredicate done) {
    this.records = records;
    this.streams = streams;
    this.blocksOfChunk = Math.max(1, batch / BLOCK);
    this.done = done;
    this.held = new Block[streams];
    for (int i = 0; i < streams; i++) {
      queues.add(new ArrayBlockingQueue<>(WAITING));
    }
    dealer = new Thread(this::deal, "canvas-seed-reader");
    dealer.setDaemon(true);
    dealer.start();
  }

  @Override
  public long products() {
    return -1;
  }

  @Override
  public double share() {
    return records.share();
  }

  @Override
  public Chunk next(int stream) throws InterruptedException {
    Block first = held[stream] == null ? take(stream) : held[stream];
    held[stream] = null;
    return first.isEnd() ? null : new Dealt(stream, first);
  }

  @Override
  public void close() {
    closed = true;
    dealer.interrupt();
  }

  private void deal() {
    try (records) {
      long place = 0;
      boolean more = true;
      for (int block = 0; more && !closed; block++) {
        List<Records.Unparsed> some = new ArrayList<>(BLOCK);
        while (more && some.size() < BLOCK) {
          Records.Unparsed next = records.next();
          more = next != null;
          if (more) {
            some.add(next);
          }
        }
        int chunk = block / streams / blocksOfChunk * streams + block % streams;
        if (!some.isEmpty() && !done.test(chunk)) {
          queues.get(block % streams).put(new Block(chunk, place, List.copyOf(some)));
        }
        place += some.size();
      }
    } catch (IOException | SQLException | RuntimeException broken) {
      failure = broken;
    } catch (InterruptedException interrupted) {
      closed = true;
    }
    try {
      for (BlockingQueue<Block> queue : queues) {
        queue.put(Block.END);
      }
    } catch (InterruptedException interrupted) {
      closed = true;
    }
  }

  private Block take(int stream) throws InterruptedException {
    while (true) {
      Block block = queues.get(stream).poll(POLL_MS, TimeUnit.MILLISECONDS);
      if (failure != null) {
        throw unreadable();
      }
      if (closed) {
        throw Problem.UNAVAILABLE.because("The reading was ended");
      }
      if (block != null) {
        return block;
      }
    }
  }

  /** What is wrong with the source itself is no fault of the program. */
  private RuntimeException unreadable() {
    if (failure instanceof SQLException refusal) {
      return Failures.of(refusal);
    }
    if (failure instanceof IOException) {
      return Problem.MALFORMED_REQUEST.because(
          "The source cannot be read to its end: %s", Failures.text(failure));
    }
    return (RuntimeException) failure;
  }

  /** The blocks of a chunk, as they come. */
  private final class Dealt implements Chunk {

    private final int stream;
    private final Block first;

    Dealt(int stream, Block first) {
      this.stream = stream;
      this.first = first;
    }

    @Override
    public int number() {
      return first.chunk;
    }

    @Override
    public void drainTo(Receiver receiver) throws IOException, SQLException, InterruptedException {
      Block block = first;
      while (block.chunk == first.chunk) {
        long place = block.place;
        for (Records.Unparsed each : block.records) {
          each.parseTo(place++, receiver);
        }
        block = take(stream);
      }
      held[stream] = block;
    }
  }
}
