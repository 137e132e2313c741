package io.netloop.loop;

import io.netloop.engine.Errno;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one family of errors: a stable {@link #code()} for programs, and for people a sentence that
 * holds the value found. Codes and texts are Node's wherever Node has one, for example {@code
 * connect ECONNREFUSED 127.0.0.1:1}. <i>Immutable.</i>
 *
 * <p>An error of the system ({@code E…}) comes later, to the 'error' listener or the write's
 * callback; a mistake in the program ({@code ERR_…}) is mostly thrown at once by the call that
 * makes it.
 *
 * @see <a href="https://nodejs.org/api/errors.html">Node: Errors</a>
 */
public final class NetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final @Nullable String syscall;
  private final @Nullable String address;
  private final @Nullable Integer port;
  private final NetException[] errors;

  /** An error that is not the system's. */
  public NetException(String code, String message) {
    this(code, message, null, null, null, List.of(), null);
  }

  /** An error that is not the system's, and what led to it. */
  public NetException(String code, String message, @Nullable Throwable cause) {
    this(code, message, null, null, null, List.of(), cause);
  }

  private NetException(
      String code,
      String message,
      @Nullable String syscall,
      @Nullable String address,
      @Nullable Integer port,
      List<NetException> errors,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.syscall = syscall;
    this.address = address;
    this.port = port;
    this.errors = errors.toArray(new NetException[0]);
  }

  /**
   * An error of the system, with Node's text: {@code <syscall> <CODE>[: <words>][
   * <address>[:<port>]]}.
   *
   * @param words what is said between code and address, or null
   * @param address the address it happened at, or null where none belongs to it
   * @param port the port, or null; 0 stands for an unknown one and is left out too
   * @param more a note for people that closes the sentence, in parentheses, or null
   */
  public static NetException system(
      String syscall,
      String code,
      @Nullable String words,
      @Nullable String address,
      @Nullable Integer port,
      @Nullable String more) {
    Integer known = port == null || port == 0 ? null : port;
    StringBuilder text = new StringBuilder(syscall).append(' ').append(code);
    if (words != null) {
      text.append(": ").append(words);
    }
    if (address != null) {
      text.append(' ').append(address);
      if (known != null && known > 0) {
        text.append(':').append(known);
      }
    }
    if (more != null) {
      text.append(" (").append(more).append(')');
    }
    return new NetException(code, text.toString(), syscall, address, known, List.of(), null);
  }

  /** An error of the system that has no address, such as {@code read ECONNRESET}. */
  public static NetException system(String syscall, String code) {
    return system(syscall, code, null, null, null, null);
  }

  /**
   * Several tries failed: the code and the address are the first's, and {@link #errors()} holds
   * them all.
   */
  public static NetException several(List<NetException> errors) {
    NetException first = errors.getFirst();
    StringBuilder text =
        new StringBuilder("All ").append(errors.size()).append(" attempts failed:");
    for (NetException error : errors) {
      text.append(' ').append(error.getMessage()).append(';');
    }
    text.setLength(text.length() - 1);
    return new NetException(
        first.code, text.toString(), first.syscall, first.address, first.port, errors, null);
  }

  /** The stable short name, for example {@code EADDRINUSE} or {@code ERR_SOCKET_BAD_PORT}. */
  public String code() {
    return code;
  }

  /**
   * The system's negative error number as Linux has it, or 0 where the error is not the system's.
   */
  public int errno() {
    return Errno.numberOf(code);
  }

  /** The call that failed ({@code listen}, {@code connect}, {@code read} …), or null. */
  public @Nullable String syscall() {
    return syscall;
  }

  /** The address that the error is about, or null. For a look-up that failed: the host's name. */
  public @Nullable String address() {
    return address;
  }

  /** The port that the error is about, or null where none is known. */
  public @Nullable Integer port() {
    return port;
  }

  /** The single errors where several tries failed, else an empty list. */
  public List<NetException> errors() {
    return List.of(errors);
  }
}
