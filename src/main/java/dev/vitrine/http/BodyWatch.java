package dev.vitrine.http;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder.TooLongFormFieldException;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder.TooManyFormFieldsException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.RoutingContext;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Looks at a request while its body arrives, four times a second and at each of its parts. */
final class BodyWatch {
    static final int MAX_FIELD_BYTES = 64 * 1024;
    private static final int MAX_FILES = 16;

    /** The text of all fields together, and what stands around the parts. */
    private static final long MAX_TEXT_BYTES = 256 * 1024;

    private static final long CHECK_MILLIS = 250;
    private static final int SILENT_CHECKS = 40;
    private static final int STUCK_CHECKS = 2;

    /** What the slowest connection would bring. */
    private static final long LEAST_BYTES_A_SECOND = 4 * 1024;

    private static final String FIELD_NAME = " name=\"";

    private final RoutingContext context;
    private final Consumer<ProblemException> refuse;
    private final Duration grace;
    private final Vertx vertx;
    private final long timer;
    private final long begin = System.nanoTime();
    private final List<HttpServerFileUpload> files = new ArrayList<>();
    private boolean ended;
    private boolean watching;
    private long pieces;
    private long seen;
    private int idleChecks;
    private int cutOffChecks;
    private String field;

    /**
     * @param grace after this a body must have come as fast as the slowest connection would bring it
     * @param refuse ends the request
     */
    BodyWatch(Vertx vertx, RoutingContext context, Duration grace, Consumer<ProblemException> refuse) {
        this.grace = grace;
        this.vertx = vertx;
        this.context = context;
        this.refuse = problem -> {
            stop();
            refuse.accept(problem);
        };
        context.request().end().onSuccess(end -> ended = true);
        this.timer = vertx.setPeriodic(CHECK_MILLIS, t -> check());
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    /** The request, for whoever receives its body. */
    HttpServerRequest watched() {
        return new WatchedRequest(context.request());
    }

    /** Whether all bytes of a file that have come are on disk. */
    static boolean isWhole(FileUpload upload) {
        return new File(upload.uploadedFileName()).length() == upload.size();
    }

    private void check() {
        long bytes = context.request().bytesRead() + received();
        idleChecks = bytes == seen ? idleChecks + 1 : 0;
        seen = bytes;
        // A disk that is slow keeps a file back as well, and is not the sender's fault.
        cutOffChecks = ended && isInsideAFile() && isWritten() && idleChecks > 0 ? cutOffChecks + 1 : 0;
        Duration passed = Duration.ofNanos(System.nanoTime() - begin);
        // Where the decoder fails in a way that Vert.x does not expect, the piece that it failed on goes no further.
        boolean stuck = watching && pieces < context.request().bytesRead();
        if (stuck || cutOffChecks >= STUCK_CHECKS) {
            refuse.accept(malformed(null));
        } else if (idleChecks >= SILENT_CHECKS && ended) {
            refuse.accept(new ProblemException(503, RouterErrors.DISK, List.of()));
        } else if (idleChecks >= SILENT_CHECKS) {
            refuse.accept(new ProblemException(
                    408, "The rest of the request did not come within 10 s; send it again.", List.of()));
        } else if (passed.compareTo(grace) > 0
                && context.request().bytesRead() < passed.toMillis() * LEAST_BYTES_A_SECOND / 1_000) {
            refuse.accept(new ProblemException(
                    408,
                    "The request comes too slowly: less than " + LEAST_BYTES_A_SECOND + " bytes a second.",
                    List.of()));
        }
    }

    private static ProblemException malformed(Throwable cause) {
        return new ProblemException(
                400, "The request cannot be read: its body is cut off or malformed.", List.of(), cause);
    }

    private boolean isWritten() {
        return context.fileUploads().stream()
                .allMatch(upload -> Files.exists(Path.of(upload.uploadedFileName())) && isWhole(upload));
    }

    private long received() {
        return files.stream().mapToLong(HttpServerFileUpload::size).sum();
    }

    /** The size of a file is known once the boundary after it was seen. */
    private boolean isInsideAFile() {
        return files.stream().anyMatch(file -> !file.isSizeAvailable());
    }

    /** What a form cannot be read for. */
    private ProblemException unreadable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // A field is kept in memory; what is too long for it is an IOException.
            if (cause instanceof TooLongFormFieldException || cause instanceof IOException) {
                return tooLong();
            }
            if (cause instanceof TooManyFormFieldsException) {
                return new ProblemException(
                        400,
                        "The form has more than " + HttpServerOptions.DEFAULT_MAX_FORM_FIELDS + " fields.",
                        List.of(),
                        failure);
            }
        }
        return malformed(failure);
    }

    private ProblemException tooLong() {
        String detail = "has more than " + MAX_FIELD_BYTES + " bytes; a text field is shorter";
        return field == null
                ? new ProblemException(413, "A field " + detail + ".", List.of())
                : ProblemException.ofField(413, field, detail);
    }

    /** The last field that began in a piece of the form. */
    private void look(Buffer piece) {
        if (isInsideAFile()) {
            return;
        }
        String text = piece.toString(StandardCharsets.ISO_8859_1);
        int begin = text.lastIndexOf(FIELD_NAME);
        int end = begin < 0 ? -1 : text.indexOf('"', begin + FIELD_NAME.length());
        if (end >= 0) {
            field = text.substring(begin + FIELD_NAME.length(), end).replaceAll("[^ -~]", "?");
        }
        if (!files.isEmpty() || context.request().bytesRead() > MAX_TEXT_BYTES) {
            if (context.request().bytesRead() - received() > MAX_TEXT_BYTES + files.size() * 1024L) {
                refuse.accept(new ProblemException(
                        413, "The form's fields have more than " + MAX_TEXT_BYTES + " bytes together.", List.of()));
            }
        }
    }

    /** Tells the watch of every file and piece that arrives. */
    private final class WatchedRequest extends HttpServerRequestWrapper {
        private final HttpServerRequest request;

        WatchedRequest(HttpServerRequest request) {
            super((HttpServerRequestInternal) request);
            this.request = request;
        }

        @Override
        public HttpServerRequest uploadHandler(Handler<HttpServerFileUpload> handler) {
            request.uploadHandler(file -> {
                if (context.failed()) {
                    return;
                }
                if (files.size() == MAX_FILES) {
                    refuse.accept(new ProblemException(
                            400, "The form has more than " + MAX_FILES + " files; send one picture.", List.of()));
                    return;
                }
                files.add(file);
                handler.handle(file);
            });
            return this;
        }

        @Override
        public HttpServerRequest handler(Handler<Buffer> handler) {
            watching = true;
            request.handler(piece -> {
                pieces += piece.length();
                if (request.isExpectMultipart()) {
                    look(piece);
                }
                handler.handle(piece);
            });
            return this;
        }

        @Override
        public HttpServerRequest exceptionHandler(Handler<Throwable> handler) {
            request.exceptionHandler(failure -> {
                if (failure instanceof DecoderException) {
                    refuse.accept(unreadable(failure));
                } else {
                    handler.handle(failure);
                }
            });
            return this;
        }
    }
}
