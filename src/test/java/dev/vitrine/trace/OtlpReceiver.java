package dev.vitrine.trace;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** A collector: takes spans over OTLP, as protobuf over HTTP, and keeps them. */
final class OtlpReceiver implements AutoCloseable {
    /** A span's kind, as the protocol numbers it. */
    static final int SERVER = 2;

    static final int PRODUCER = 4;
    static final int CONSUMER = 5;

    /**
     * A span.
     *
     * @param parent empty for none
     * @param links the ids of the traces it points to
     */
    record Received(
            String trace,
            String id,
            String parent,
            String name,
            int kind,
            Map<String, String> attributes,
            List<String> links) {}

    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();
    private final List<String> services = new CopyOnWriteArrayList<>();

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            read(zipped ? unzipped(body) : body);
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> spans() {
        return List.copyOf(spans);
    }

    List<String> services() {
        return List.copyOf(services);
    }

    private static byte[] unzipped(byte[] body) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }

    /** By the numbers of the fields in OpenTelemetry's trace.proto. */
    private void read(byte[] request) {
        for (UnknownFieldSet resourceSpans : messages(parsed(ByteString.copyFrom(request)), 1)) {
            for (UnknownFieldSet resource : messages(resourceSpans, 1)) {
                services.add(attributes(resource, 1).get("service.name"));
            }
            for (UnknownFieldSet scopeSpans : messages(resourceSpans, 2)) {
                for (UnknownFieldSet span : messages(scopeSpans, 2)) {
                    List<String> links = new ArrayList<>();
                    messages(span, 13).forEach(link -> links.add(hex(link, 1)));
                    spans.add(new Received(
                            hex(span, 1),
                            hex(span, 2),
                            hex(span, 4),
                            text(span, 5),
                            (int) number(span, 6),
                            attributes(span, 9),
                            links));
                }
            }
        }
    }

    private static Map<String, String> attributes(UnknownFieldSet holder, int field) {
        Map<String, String> attributes = new TreeMap<>();
        for (UnknownFieldSet attribute : messages(holder, field)) {
            for (UnknownFieldSet value : messages(attribute, 2)) {
                attributes.put(
                        text(attribute, 1),
                        value.hasField(1) ? text(value, 1) : Long.toString(number(value, value.hasField(3) ? 3 : 2)));
            }
        }
        return attributes;
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet holder, int field) {
        return holder.getField(field).getLengthDelimitedList().stream()
                .map(OtlpReceiver::parsed)
                .toList();
    }

    private static UnknownFieldSet parsed(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hex(UnknownFieldSet holder, int field) {
        return holder.hasField(field)
                ? HexFormat.of()
                        .formatHex(holder.getField(field)
                                .getLengthDelimitedList()
                                .get(0)
                                .toByteArray())
                : "";
    }

    private static String text(UnknownFieldSet holder, int field) {
        return holder.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
    }

    private static long number(UnknownFieldSet holder, int field) {
        return holder.hasField(field) ? holder.getField(field).getVarintList().get(0) : 0;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
