package dev.vitrine.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.impl.RoutingContextDecorator;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Receives the body of a request, files to disk. Where Vert.x's handler would wait for the rest of a body that never
 * comes, this one answers: 400 when the request ended inside a part of a form, 408 when its sender fell silent. A file
 * whose request ended badly is removed, and one that did not reach the disk whole fails its request: Vert.x's handler
 * forgets a write that fails after the last byte has come, and a full disk would read as an empty or damaged picture.
 */
final class BodyReceiver implements Handler<RoutingContext> {
    private static final long CHECK_MILLIS = 250;
    private static final int SILENT_CHECKS = 40;
    private static final int STUCK_CHECKS = 2;

    /** The handler deletes files itself unless the connection is lost while it opens one; this comes after that. */
    private static final long CLEAN_UP_MILLIS = 1_000;

    private final Vertx vertx;
    private final BiConsumer<RoutingContext, Runnable> entrance;
    private final BodyHandler receiver;

    /** @param entrance runs the route of a request whose body is complete */
    BodyReceiver(Vertx vertx, String uploads, long maxBytes, BiConsumer<RoutingContext, Runnable> entrance) {
        this.vertx = vertx;
        this.entrance = entrance;
        this.receiver = BodyHandler.create(uploads)
                .setBodyLimit(maxBytes)
                .setMergeFormAttributes(false)
                .setDeleteUploadedFilesOnEnd(true);
    }

    @Override
    public void handle(RoutingContext context) {
        Watch watch = new Watch(context);
        context.request().end().onSuccess(end -> watch.ended = true);
        context.addEndHandler(end -> {
            watch.stop();
            if (end.failed()) {
                vertx.setTimer(CLEAN_UP_MILLIS, timer -> removeFiles(context));
            }
        });
        context.request().resume();
        HttpServerRequest request = new WatchedRequest(context.request(), watch);
        receiver.handle(new RoutingContextDecorator(context.currentRoute(), (RoutingContextInternal) context) {
            @Override
            public HttpServerRequest request() {
                return request;
            }

            @Override
            public void next() {
                watch.stop();
                if (context.fileUploads().stream().allMatch(BodyReceiver::isWhole)) {
                    // Comes before the handler's own, which would have a thread find out for each that it is gone.
                    context.addBodyEndHandler(end -> context.fileUploads().removeIf(BodyReceiver::isGone));
                    entrance.accept(context, super::next);
                } else {
                    context.fail(new IOException("An upload could not be written to disk"));
                }
            }
        });
    }

    private static boolean isWhole(FileUpload upload) {
        return new File(upload.uploadedFileName()).length() == upload.size();
    }

    private static boolean isGone(FileUpload upload) {
        return !new File(upload.uploadedFileName()).exists();
    }

    private void removeFiles(RoutingContext context) {
        FileSystem files = vertx.fileSystem();
        for (FileUpload upload : context.fileUploads()) {
            files.delete(upload.uploadedFileName()); // fails where it is gone already, as it should be
        }
    }

    /** Tells the watch of every file that arrives. */
    private static final class WatchedRequest extends HttpServerRequestWrapper {
        private final HttpServerRequest request;
        private final Watch watch;

        WatchedRequest(HttpServerRequest request, Watch watch) {
            super((HttpServerRequestInternal) request);
            this.request = request;
            this.watch = watch;
        }

        @Override
        public HttpServerRequest uploadHandler(Handler<HttpServerFileUpload> handler) {
            request.uploadHandler(file -> {
                watch.files.add(file);
                handler.handle(file);
            });
            return this;
        }
    }

    /** Looks at a request four times a second until its body is there. */
    private final class Watch {
        private final RoutingContext context;
        private final long timer;
        private final List<HttpServerFileUpload> files = new ArrayList<>();
        private boolean ended;
        private long seen;
        private int idleChecks;
        private int cutOffChecks;

        Watch(RoutingContext context) {
            this.context = context;
            this.timer = vertx.setPeriodic(CHECK_MILLIS, t -> check());
        }

        void stop() {
            vertx.cancelTimer(timer);
        }

        private void check() {
            long bytes = context.request().bytesRead() + received();
            idleChecks = bytes == seen ? idleChecks + 1 : 0;
            seen = bytes;
            // A disk that is slow keeps a file back as well, and is not the sender's fault.
            cutOffChecks = ended && isInsideAFile() && isWritten() && idleChecks > 0 ? cutOffChecks + 1 : 0;
            if (cutOffChecks >= STUCK_CHECKS) {
                give(400);
            } else if (idleChecks >= SILENT_CHECKS) {
                give(ended ? 503 : 408);
            }
        }

        /** Whether all that has come of the files is on disk. */
        private boolean isWritten() {
            return context.fileUploads().stream()
                    .allMatch(upload -> Files.exists(Path.of(upload.uploadedFileName())) && isWhole(upload));
        }

        private void give(int status) {
            stop();
            context.response().putHeader("Connection", "close");
            context.fail(status);
            vertx.setTimer(CLEAN_UP_MILLIS, t -> removeFiles(context));
        }

        private long received() {
            return files.stream().mapToLong(HttpServerFileUpload::size).sum();
        }

        /** The size of a file is known once the boundary after it was seen. */
        private boolean isInsideAFile() {
            return files.stream().anyMatch(file -> !file.isSizeAvailable());
        }
    }
}
