package dev.vitrine.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.impl.RoutingContextDecorator;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the body of a request, files to disk. Where Vert.x's handler would wait for the rest of a body that never
 * comes, this one answers: 400 when the request ended inside a part of a form, 408 when its sender fell silent or sends too
 * slowly. A file whose request ended badly is removed, and one that did not reach the disk whole fails its request: Vert.x's
 * handler forgets a write that fails after the last byte has come, and a full disk would read as an empty or damaged
 * picture. A body that is no form is kept in memory, so it is small, and all of them together have a bound.
 */
final class BodyReceiver implements Handler<RoutingContext> {
    /** All bodies in memory together, as a part of the heap. */
    private static final long PART_OF_HEAP = 8;

    private static final Logger LOG = LoggerFactory.getLogger(BodyReceiver.class);

    /** Marks a request that is refused while it comes. */
    private static final String REFUSED = BodyReceiver.class.getName() + ".refused";

    /** The handler deletes files itself unless the connection is lost while it opens one; this comes after that. */
    private static final long CLEAN_UP_MILLIS = 1_000;

    private final Vertx vertx;
    private final BiConsumer<RoutingContext, Runnable> entrance;
    private final String uploads;
    private final Map<FormLimits.Limit, BodyHandler> forms = new ConcurrentHashMap<>();
    private final BodyHandler others;
    private final Duration grace;
    private final FormLimits formLimits;
    private final long maxBodyBytes;
    private final Map<String, AtomicInteger> large = new ConcurrentHashMap<>();
    private final AtomicLong room = new AtomicLong(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

    /**
     * @param formLimits length of a form with its files, at most
     * @param maxBodyBytes length of any other body, at most
     * @param grace how long a body may come as slowly as it likes, as long as it comes
     * @param entrance runs the route of a request whose body is complete
     */
    BodyReceiver(
            Vertx vertx,
            String uploads,
            FormLimits formLimits,
            long maxBodyBytes,
            Duration grace,
            BiConsumer<RoutingContext, Runnable> entrance) {
        this.vertx = vertx;
        this.grace = grace;
        this.entrance = entrance;
        this.uploads = uploads;
        this.formLimits = formLimits;
        this.maxBodyBytes = maxBodyBytes;
        this.others = BodyHandler.create(false).setBodyLimit(maxBodyBytes).setMergeFormAttributes(false);
    }

    @Override
    public void handle(RoutingContext context) {
        if (context.response().closed()) {
            return; // its sender hung up before: no handler of its end would run, and its files would stay
        }
        boolean form = BodyRules.isForm(context.request());
        BodyWatch watch = new BodyWatch(vertx, context, grace, problem -> refuse(context, problem));
        context.addEndHandler(end -> {
            watch.stop();
            if (!context.fileUploads().isEmpty() && (end.failed() || context.failed())) {
                vertx.setTimer(CLEAN_UP_MILLIS, timer -> removeFiles(context));
            }
        });
        try {
            if (BodyRules.hasBody(context.request())) {
                BodyRules.check(context.request(), context.parsedHeaders());
                if (form) {
                    reserveLarge(context);
                } else {
                    reserve(context);
                }
            }
            context.request().resume();
            (form ? forms.computeIfAbsent(limit(context), this::forms) : others).handle(received(context, watch));
        } catch (ProblemException e) {
            refuse(context, e);
        } catch (RuntimeException e) { // what Netty's decoder says of a head that it cannot read
            refuse(context, new ProblemException(400, "The form's Content-Type cannot be read.", List.of(), e));
        }
    }

    private RoutingContext received(RoutingContext context, BodyWatch watch) {
        HttpServerRequest request = watch.watched();
        return new RoutingContextDecorator(context.currentRoute(), (RoutingContextInternal) context) {
            @Override
            public HttpServerRequest request() {
                return request;
            }

            @Override
            public void cancelAndCleanupFileUploads() {
                giveUp(context);
            }

            /** Of a refused request the handler says that its file was given up, which is no failure of ours. */
            @Override
            public void fail(Throwable failure) {
                if (context.get(REFUSED) == null) {
                    super.fail(failure);
                }
            }

            @Override
            public void fail(int status) {
                if (status == 413) {
                    refuse(context, BodyRules.isForm(request) ? tooLarge(limit(context)) : tooLarge());
                } else {
                    super.fail(status);
                }
            }

            @Override
            public void next() {
                watch.stop();
                if (context.failed()) {
                    return;
                }
                if (context.fileUploads().stream().allMatch(BodyWatch::isWhole)) {
                    // Comes before the handler's own, which would have a thread find out for each that it is gone.
                    context.addBodyEndHandler(end -> context.fileUploads().removeIf(BodyReceiver::isGone));
                    entrance.accept(context, super::next);
                } else {
                    context.fail(new IOException("An upload could not be written to disk"));
                }
            }
        };
    }

    private FormLimits.Limit limit(RoutingContext context) {
        return formLimits.of(context.currentRoute().getPath());
    }

    private BodyHandler forms(FormLimits.Limit limit) {
        return BodyHandler.create(uploads)
                .setBodyLimit(limit.bytes())
                .setMergeFormAttributes(false)
                .setDeleteUploadedFilesOnEnd(true);
    }

    private static ProblemException tooLarge(FormLimits.Limit limit) {
        return new ProblemException(
                413, "The request has more bytes than the limit, " + limit.bytes() + " " + limit.advice(), List.of());
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                413,
                "The body has more bytes than the limit, " + maxBodyBytes
                        + " (VITRINE_MAX_BODY). Send pictures as multipart/form-data.",
                List.of());
    }

    /** A body is kept in memory until its request is over. */
    private void reserve(RoutingContext context) {
        long taken = Math.min(maxBodyBytes, announced(context));
        if (room.addAndGet(-taken) < 0) {
            room.addAndGet(taken);
            throw new ProblemException(503, "Too many large requests at once; ask again.", List.of());
        }
        context.addEndHandler(end -> room.addAndGet(taken));
    }

    /** How many bytes are to come; more than any limit where their sender does not say. */
    private static long announced(RoutingContext context) {
        String length = context.request().getHeader("Content-Length");
        return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : Long.MAX_VALUE;
    }

    /** Refuses before it comes what would wait for others only to be refused then. */
    private void reserveLarge(RoutingContext context) {
        FormLimits.Limit limit = limit(context);
        if (announced(context) <= FormLimits.Limit.LARGE_BYTES || limit.mostLarge() == Integer.MAX_VALUE) {
            return;
        }
        AtomicInteger inside = large.computeIfAbsent(context.currentRoute().getPath(), path -> new AtomicInteger());
        if (inside.incrementAndGet() > limit.mostLarge()) {
            inside.decrementAndGet();
            throw new ProblemException(429, "Too many large pictures at once; ask again.", List.of());
        }
        context.addEndHandler(end -> inside.decrementAndGet());
    }

    private void refuse(RoutingContext context, ProblemException problem) {
        if (context.failed() || context.response().ended()) {
            return;
        }
        context.put(REFUSED, true);
        giveUp(context);
        Leftover.announce(context.request());
        context.fail(problem.status(), problem);
        if (problem.status() == 429) {
            Leftover.drainLater(vertx, context.request());
        } else {
            Leftover.drain(vertx, context.request());
        }
    }

    /**
     * Stops the writing of files and removes those that are written. Vert.x's own way fails at a file that is being closed at
     * this moment, and the request would never be answered; that file goes when the request is over.
     */
    private static void giveUp(RoutingContext context) {
        for (FileUpload upload : context.fileUploads()) {
            try {
                if (!upload.cancel()) {
                    upload.delete();
                }
            } catch (IllegalStateException e) {
                LOG.debug("A file of a request that is given up is being closed", e);
            }
        }
    }

    private static boolean isGone(FileUpload upload) {
        return !new File(upload.uploadedFileName()).exists();
    }

    private void removeFiles(RoutingContext context) {
        giveUp(context); // one that was still awaiting its end, as a file without its last boundary does, is open
        FileSystem files = vertx.fileSystem();
        for (FileUpload upload : context.fileUploads()) {
            files.delete(upload.uploadedFileName()); // fails where it is gone already, as it should be
        }
    }
}
