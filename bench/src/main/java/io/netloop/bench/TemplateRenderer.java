package io.netloop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Renders one page over and over, timed by JMH, in a process of its own: library, folder, page,
 * seconds. Prints how many pages it made in a second, after as long a warm-up. Node's
 * peers/template.js does the same.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TemplateRenderer {
  private static final int LEAST = 500;

  /** JMH's iterations: what each compiles late shows in the next. */
  private static final int PARTS = 5;

  @Param("")
  String library = "";

  @Param("")
  String folder = "";

  @Param("")
  String page = "";

  private TemplatePages.Page pages = () -> "";

  @Setup
  public void compile() throws IOException {
    pages = TemplatePages.of(library, Path.of(folder), page);
  }

  /** As bytes, as a server needs them. */
  @Benchmark
  public byte[] render() throws IOException {
    String text = pages.render();
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < LEAST) {
      throw new IOException("this is no page: " + text);
    }
    return bytes;
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws RunnerException {
    TimeValue part = TimeValue.nanoseconds(Math.round(Double.parseDouble(args[3]) * 1e9 / PARTS));
    // No forks: this process is the fork, on the core and with the options of its row.
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("^" + TemplateRenderer.class.getName().replace(".", "\\.") + "\\.render$")
        .param("library", args[0])
        .param("folder", args[1])
        .param("page", args[2])
        .forks(0)
        .warmupIterations(PARTS)
        .warmupTime(part)
        .measurementIterations(PARTS)
        .measurementTime(part)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    double score = new Runner(options.build()).runSingle().getPrimaryResult().getScore();
    System.out.printf("%.1f%n", score);
  }
}
