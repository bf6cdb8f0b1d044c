package dev.vitrine.web;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileSystem;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.impl.RoutingContextDecorator;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.io.File;

/**
 * Receives the body of a request, files to disk. Where Vert.x's handler would wait for the rest of a body that never
 * comes, this one answers: 400 when the request ended inside a part of a form, 408 when its sender fell silent. A file
 * whose request ended badly is removed.
 */
final class BodyReceiver implements Handler<RoutingContext> {
    private static final long CHECK_MILLIS = 500;
    private static final int SILENT_CHECKS = 20;

    /** A good request is for a moment as a cut off one is for ever, and on a busy machine that moment is long. */
    private static final int CUT_OFF_CHECKS = 6;

    /** The handler deletes files itself unless the connection is lost while it opens one; this comes after that. */
    private static final long CLEAN_UP_MILLIS = 1_000;

    private final Vertx vertx;
    private final BodyHandler receiver;

    BodyReceiver(Vertx vertx, String uploads, long maxBytes) {
        this.vertx = vertx;
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
        receiver.handle(new RoutingContextDecorator(context.currentRoute(), (RoutingContextInternal) context) {
            @Override
            public void next() {
                watch.stop();
                super.next();
            }
        });
    }

    private void removeFiles(RoutingContext context) {
        FileSystem files = vertx.fileSystem();
        for (FileUpload upload : context.fileUploads()) {
            files.delete(upload.uploadedFileName()); // fails where it is gone already, as it should be
        }
    }

    /** Looks at a request twice a second until its body is there. */
    private final class Watch {
        private final RoutingContext context;
        private final long timer;
        private boolean ended;
        private long seen;
        private int silentChecks;
        private int cutOffChecks;

        Watch(RoutingContext context) {
            this.context = context;
            this.timer = vertx.setPeriodic(CHECK_MILLIS, t -> check());
        }

        void stop() {
            vertx.cancelTimer(timer);
        }

        private void check() {
            if (ended) {
                if (allOnDisk() && ++cutOffChecks >= CUT_OFF_CHECKS) {
                    give(400);
                }
                return;
            }
            long bytes = context.request().bytesRead();
            silentChecks = bytes == seen ? silentChecks + 1 : 0;
            seen = bytes;
            if (silentChecks >= SILENT_CHECKS) {
                give(408);
            }
        }

        private void give(int status) {
            stop();
            context.response().putHeader("Connection", "close");
            context.fail(status);
            vertx.setTimer(CLEAN_UP_MILLIS, t -> removeFiles(context));
        }

        /** Whether no file is still being written, so that nothing is left to wait for. */
        private boolean allOnDisk() {
            return context.fileUploads().stream()
                    .allMatch(upload -> new File(upload.uploadedFileName()).length() >= upload.size());
        }
    }
}
