package dev.vitrine.intake.drop;

import dev.vitrine.image.PictureInspector;
import dev.vitrine.job.JobStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

/** A drop folder and the bean that looks into it, with a clock that the test sets and without a route. */
final class DropFolder implements AutoCloseable {
    static final long MAX_BYTES = 20_000_000;

    final Path path;
    final Path own;
    final Inbox inbox;
    private final InstantSource time = this::now;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private Instant now = Instant.now();

    DropFolder(Path path) {
        this(path, "process", Moves.ATOMIC, Optional.empty());
    }

    DropFolder(Path path, String process, Moves moves, Optional<JobStore> jobs) {
        this.path = path;
        this.own = path.resolve(".work").resolve(process);
        Clock clock = time.withZone(ZoneOffset.UTC);
        this.inbox = new Inbox(
                path,
                new WorkFolder(path, own, MAX_BYTES, moves),
                MAX_BYTES,
                new PictureInspector(50_000_000),
                jobs,
                clock,
                () -> true,
                (fields, picture, errors) -> {});
    }

    private Instant now() {
        return now;
    }

    /**
     * Writes a file. The clock of these tests is not the file system's, whose times have steps of some milliseconds: one that
     * is written again is written until its time has moved on, as seconds would have passed.
     */
    Path drop(String name, byte[] content) throws IOException {
        Path file = path.resolve(name);
        FileTime before = Files.isRegularFile(file) ? Files.getLastModifiedTime(file) : null;
        do {
            Files.write(file, content);
        } while (Files.getLastModifiedTime(file).equals(before));
        return file;
    }

    Path drop(String name, String content) throws IOException {
        return drop(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** A path whose name is written as in a URI, so that it can hold any byte. */
    Path raw(String name) {
        return Path.of(URI.create(path.toUri() + name));
    }

    /** Looks at once, and again after each second that passes. */
    DropFolder after(Duration time) {
        inbox.look();
        for (long s = 0; s < Math.min(time.toSeconds(), 8); s++) {
            now = now.plusSeconds(1);
            inbox.look();
        }
        if (time.toSeconds() > 8) {
            now = now.plus(time.minusSeconds(8));
            inbox.look();
        }
        return this;
    }

    DropFolder afterSeconds(long seconds) {
        return after(Duration.ofSeconds(seconds));
    }

    /** The pictures that were taken and are not settled. */
    List<String> taken() {
        return names(own).stream()
                .filter(name -> !name.toLowerCase().endsWith(".json"))
                .toList();
    }

    List<String> names() {
        return names(path).stream().filter(name -> !name.startsWith(".")).toList();
    }

    List<String> done() {
        return names(path.resolve(".done"));
    }

    List<String> failed() {
        return names(path.resolve(".failed"));
    }

    String note(String name) throws IOException {
        return Files.readString(path.resolve(".failed").resolve(name + ".error.txt"));
    }

    /** What the route hands on for a picture that was taken. */
    Map<String, Object> read(String name) throws IOException {
        Exchange exchange = exchange(name);
        inbox.read(exchange);
        return new TreeMap<>(exchange.getMessage().getHeaders());
    }

    /** What the route does with each picture that was taken, where it is accepted as the job of this id. */
    List<String> accept(String jobId) throws IOException {
        List<String> all = taken();
        for (String name : all) {
            Exchange exchange = exchange(name);
            exchange.setVariable("folder", ".done");
            exchange.setVariable("jobId", jobId);
            settle(exchange, name);
        }
        return all;
    }

    /** The same where it is refused. */
    void refuse(String name, Throwable failure) {
        Exchange exchange = exchange(name);
        exchange.setVariable("folder", ".failed");
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        inbox.explain(exchange);
        settle(exchange, name);
    }

    /** The same where the world is at fault. */
    void fail(String name, Throwable failure) throws IOException {
        Exchange exchange = exchange(name);
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        inbox.pause(exchange);
        inbox.rollback(null, null, exchange, file(name));
    }

    private void settle(Exchange exchange, String name) {
        inbox.commit(null, null, exchange, file(name));
    }

    private Exchange exchange(String name) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(own.resolve(name).toFile());
        exchange.setProperty("CamelFileExchangeFile", file(name));
        return exchange;
    }

    private GenericFile<java.io.File> file(String name) {
        GenericFile<java.io.File> file = new GenericFile<>();
        file.setFile(own.resolve(name).toFile());
        return file;
    }

    static List<String> names(Path folder) {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        names.sort(null);
        return names;
    }

    @Override
    public void close() throws IOException {
        inbox.close();
        camel.close();
    }
}
