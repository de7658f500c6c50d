package dev.canvas.seed.source;

import dev.canvas.media.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * Reads a file or a table on one thread and distributes its records to the streams.
 *
 * <p>The reader deals blocks of {@value #BLOCK_RECORDS} records to the streams in turn, so that all
 * of them work while few records wait in memory. Consecutive blocks of one stream form a chunk.
 */
public final class SingleReaderSource implements ProductSource {

  private static final int BLOCK_RECORDS = 64;
  private static final int QUEUED_BLOCKS = 3;
  private static final long POLL_MS = 100;

  /** Consecutive records. Immutable. A negative chunk marks the end of the source. */
  private record Block(int chunk, long position, List<RecordReader.RawRecord> records) {
    static final Block END = new Block(-1, 0, List.of());

    boolean isEnd() {
      return chunk < 0;
    }
  }

  private final RecordReader records;
  private final int streams;
  private final int blocksPerChunk;
  private final IntPredicate isDone;
  private final List<BlockingQueue<Block>> queues = new ArrayList<>();

  /** By stream: the first block of its next chunk, which ended the chunk before. */
  private final Block[] lookahead;

  private final Thread reader;
  private volatile boolean closed;
  private volatile Exception failure;

  /**
   * Starts reading.
   *
   * @param records closed at the end
   * @param batch records in a chunk
   * @param isDone tells which chunks to skip
   */
  public SingleReaderSource(RecordReader records, int streams, int batch, IntPredicate isDone) {
    this.records = records;
    this.streams = streams;
    this.blocksPerChunk = Math.max(1, batch / BLOCK_RECORDS);
    this.isDone = isDone;
    this.lookahead = new Block[streams];
    for (int i = 0; i < streams; i++) {
      queues.add(new ArrayBlockingQueue<>(QUEUED_BLOCKS));
    }
    reader = new Thread(this::read, "canvas-seed-reader");
    reader.setDaemon(true);
    reader.start();
  }

  @Override
  public long products() {
    return -1;
  }

  @Override
  public double fractionRead() {
    return records.fractionRead();
  }

  @Override
  public List<String> notes() {
    return records.notes();
  }

  @Override
  public Chunk next(int stream) throws InterruptedException {
    Block first = lookahead[stream] == null ? take(stream) : lookahead[stream];
    lookahead[stream] = null;
    return first.isEnd() ? null : new QueuedChunk(stream, first);
  }

  @Override
  public void close() {
    closed = true;
    reader.interrupt();
  }

  private void read() {
    try (records) {
      long position = 0;
      boolean more = true;
      for (int block = 0; more && !closed; block++) {
        List<RecordReader.RawRecord> some = new ArrayList<>(BLOCK_RECORDS);
        while (more && some.size() < BLOCK_RECORDS) {
          RecordReader.RawRecord next = records.next();
          more = next != null;
          if (more) {
            some.add(next);
          }
        }
        int chunk = block / streams / blocksPerChunk * streams + block % streams;
        if (!some.isEmpty() && !isDone.test(chunk)) {
          queues.get(block % streams).put(new Block(chunk, position, List.copyOf(some)));
        }
        position += some.size();
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
        throw readFailure();
      }
      if (closed) {
        throw Problem.UNAVAILABLE.because("The load was stopped");
      }
      if (block != null) {
        return block;
      }
    }
  }

  private RuntimeException readFailure() {
    if (failure instanceof SQLException refusal) {
      return Failures.of(refusal);
    }
    if (failure instanceof EOFException) {
      return Problem.MALFORMED_REQUEST.because(
          "The source cannot be read to its end: it is cut off; fetch it again");
    }
    if (failure instanceof IOException) {
      return Problem.MALFORMED_REQUEST.because(
          "The source cannot be read to its end: %s", Failures.text(failure));
    }
    return (RuntimeException) failure;
  }

  /** A chunk whose blocks arrive one by one. */
  private final class QueuedChunk implements Chunk {

    private final int stream;
    private final Block first;

    QueuedChunk(int stream, Block first) {
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
        long position = block.position;
        for (RecordReader.RawRecord each : block.records) {
          each.parseTo(position++, receiver);
        }
        block = take(stream);
      }
      lookahead[stream] = block;
    }
  }
}
