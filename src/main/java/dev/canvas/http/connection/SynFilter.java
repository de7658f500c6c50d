package dev.canvas.http.connection;

import io.netty.channel.Channel;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.internal.CleanableDirectBuffer;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps new connections from being established at a listening port, while those that are, and
 * handshakes in progress, go on: the kernel drops each SYN. The client sends it again a second
 * later, when the port is closed, and is refused; a reset would have cost it a request. This is a
 * socket filter of Linux (socket(7), SO_ATTACH_FILTER); elsewhere it does nothing.
 */
final class SynFilter {

  private static final Logger LOG = LoggerFactory.getLogger(SynFilter.class);

  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;

  /** The size of a {@code struct sock_fprog}: a length, and the address of the instructions. */
  private static final int PROGRAM_BYTES = 16;

  private static final int INSTRUCTION_BYTES = 8;

  /**
   * In the classic BPF of {@code linux/filter.h}: code, jump if true, jump if false, operand. Byte
   * 13 of a TCP header holds its flags; SYN is 2, ACK is 16 (RFC 9293, section 3.1).
   */
  private static final int[][] INSTRUCTIONS = {
    {0x30, 0, 0, 13}, // load byte 13
    {0x54, 0, 0, 0x12}, // keep SYN and ACK
    {0x15, 0, 1, 0x02}, // unless it is SYN alone, skip one
    {0x06, 0, 0, 0}, // drop
    {0x06, 0, 0, -1}, // accept, in full length
  };

  private SynFilter() {}

  /** Filters a port until it is closed. */
  static void attach(Channel port) {
    if (!(port instanceof UnixChannel) || Buffer.addressSize() != Long.BYTES) {
      return;
    }
    CleanableDirectBuffer filterMemory =
        Buffer.allocateDirectBufferWithNativeOrder(INSTRUCTIONS.length * INSTRUCTION_BYTES);
    CleanableDirectBuffer programMemory = Buffer.allocateDirectBufferWithNativeOrder(PROGRAM_BYTES);
    try {
      ByteBuffer filter = filterMemory.buffer();
      ByteBuffer program = programMemory.buffer();
      for (int[] each : INSTRUCTIONS) {
        filter.putShort((short) each[0]).put((byte) each[1]).put((byte) each[2]).putInt(each[3]);
      }
      program.putShort(0, (short) INSTRUCTIONS.length);
      program.putLong(Long.BYTES, Buffer.memoryAddress(filter));
      port.config()
          .setOption(
              new RawUnixChannelOption(
                  "SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_BYTES),
              program);
    } catch (RuntimeException refused) {
      // A sandbox may forbid filters. Then a client that connects in the last moment may be reset.
      LOG.debug("The HTTP port cannot be filtered while the process stops", refused);
    } finally {
      filterMemory.clean();
      programMemory.clean();
    }
  }
}
