package dev.vitrine.catalogue.sync;

import dev.vitrine.catalogue.sync.Tally.What;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Sends the pictures of a plan, several at once, and follows their jobs to the end. */
final class Sending implements JobWatch.Ends {
    private static final int LOOK_MILLIS = 250;
    private static final int MOST_TOGETHER = 200;

    private final PictureSource source;
    private final Target target;
    private final KnownPictures known;
    private final FailureReport report;
    private final Tally tally;
    private final ImportOptions options;
    private final ImportListener listener;
    private final Patience patience;
    private final JobWatch jobs;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Sending(
            PictureSource source,
            Target target,
            KnownPictures known,
            FailureReport report,
            Tally tally,
            ImportOptions options,
            ImportListener listener) {
        this.source = source;
        this.target = target;
        this.known = known;
        this.report = report;
        this.tally = tally;
        this.options = options;
        this.listener = listener;
        this.patience = new Patience(listener::waiting);
        this.jobs = new JobWatch(target, this);
    }

    void run(Plan plan) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(options.threads());
        Semaphore room = new Semaphore(2 * options.threads());
        Thread watch = new Thread(this::watch, "import-jobs");
        watch.setDaemon(true);
        watch.start();
        try {
            List<Wanted> same = new ArrayList<>();
            for (Iterator<Wanted> i = plan.pictures(); i.hasNext() && failure.get() == null; ) {
                Wanted next = i.next();
                if (!same.isEmpty() && (!isSame(same.get(0), next) || same.size() == MOST_TOGETHER)) {
                    submit(List.copyOf(same), threads, room);
                    same.clear();
                }
                same.add(next);
            }
            if (!same.isEmpty() && failure.get() == null) {
                submit(List.copyOf(same), threads, room);
            }
            threads.shutdown();
            while (!threads.awaitTermination(LOOK_MILLIS, TimeUnit.MILLISECONDS) || !jobs.isEmpty()) {
                if (failure.get() != null) {
                    break;
                }
                if (threads.isTerminated()) {
                    Thread.sleep(LOOK_MILLIS);
                }
            }
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(10, TimeUnit.SECONDS);
            watch.interrupt();
            watch.join(TimeUnit.SECONDS.toMillis(10));
        }
        rethrow();
    }

    private void rethrow() throws IOException {
        Throwable cause = failure.get();
        if (cause instanceof IOException io) {
            throw io;
        }
        if (cause != null) {
            throw new IllegalStateException(cause);
        }
    }

    private static boolean isSame(Wanted one, Wanted other) {
        return one.picture() != null && one.picture().equals(other.picture());
    }

    private void submit(List<Wanted> same, ExecutorService threads, Semaphore room) throws InterruptedException {
        room.acquire();
        threads.execute(() -> {
            try {
                bring(same);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            } finally {
                room.release();
            }
        });
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                patience.ask(() -> {
                    jobs.look();
                    return null;
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }

    /** All of the same picture, which is had once. */
    private void bring(List<Wanted> same) throws IOException, InterruptedException {
        List<Wanted> shown = new ArrayList<>();
        for (Wanted wanted : same) {
            if (wanted.isShown() || options.includeHidden()) {
                shown.add(wanted);
            } else {
                settled(What.SKIPPED);
            }
        }
        if (shown.isEmpty()) {
            return;
        }
        try (Picture picture = picture(shown)) {
            for (Wanted wanted : shown) {
                bring(wanted, picture);
            }
        } catch (UnusableSourceException e) {
            for (Wanted wanted : shown) {
                failed(wanted, "image", e.getMessage());
            }
        }
    }

    /** Its server is only asked whether it has changed where everybody who wants it has it as it was. */
    private Picture picture(List<Wanted> shown) throws IOException, InterruptedException {
        String name = shown.get(0).picture();
        if (name == null) {
            throw new UnusableSourceException(target.refusesVectors().orElse("has no picture"));
        }
        Optional<Known> common = known.find(shown.get(0).key());
        for (Wanted wanted : shown) {
            Optional<Known> one = known.find(wanted.key());
            boolean isCommon = one.isPresent()
                    && name.equals(one.get().picture())
                    && !one.get().hash().isEmpty()
                    && one.get().hash().equals(common.map(Known::hash).orElse(""));
            if (!isCommon) {
                return source.get(name, Optional.empty());
            }
        }
        return source.get(name, common);
    }

    private void bring(Wanted wanted, Picture picture) throws IOException, InterruptedException {
        Optional<Known> before = known.find(wanted.key());
        String details = Details.hash(wanted);
        boolean isSamePicture = before.isPresent()
                && (picture.isUnchanged() || before.get().hash().equals(picture.hash()));
        try {
            if (!isSamePicture) {
                send(wanted, picture, before, details);
            } else if (!before.get().isDone()) {
                goOn(wanted, picture, before.get(), details);
            } else if (before.get().details().equals(details)) {
                known.put(
                        wanted.key(),
                        before.get().of(options.name(), details, picture).at(wanted, source.place(wanted.picture())));
                settled(What.UNCHANGED);
            } else {
                change(wanted, picture, before.get(), details);
            }
        } catch (Target.RefusedException e) {
            failed(wanted, e.field(), e.getMessage());
        }
    }

    private void send(Wanted wanted, Picture picture, Optional<Known> before, String details)
            throws IOException, InterruptedException {
        String once = Details.hash(
                wanted.key(), picture.hash(), details, before.map(Known::jobId).orElse(""));
        Target.Sent sent = patience.ask(() -> target.send(wanted, picture.file(), once));
        known.put(
                wanted.key(),
                new Known(
                        options.name(),
                        wanted.picture(),
                        source.place(wanted.picture()),
                        picture.etag(),
                        picture.lastModified(),
                        picture.hash(),
                        details,
                        sent.jobId(),
                        sent.isIndexed(),
                        sent.isIndexed() ? version(sent.jobId()) : 0));
        tally.add(What.SENT);
        if (sent.isIndexed()) {
            settled(What.INDEXED);
        } else {
            listener.progressed(tally.counts());
            jobs.follow(sent.jobId(), wanted);
        }
    }

    /** Of an upload that was indexed at once. */
    private long version(String jobId) throws IOException, InterruptedException {
        Target.JobEnd end = patience.ask(() -> target.ends(List.of(jobId))).get(jobId);
        return end == null ? 0 : end.version();
    }

    private void change(Wanted wanted, Picture picture, Known before, String details)
            throws IOException, InterruptedException {
        Target.Change change = patience.ask(() -> target.change(wanted));
        if (change == Target.Change.DONE) {
            known.put(
                    wanted.key(),
                    before.of(options.name(), details, picture).at(wanted, source.place(wanted.picture())));
            settled(What.UPDATED);
        } else {
            sendAgain(wanted, picture, before, details);
        }
    }

    /** An earlier run sent it and did not see the end. */
    private void goOn(Wanted wanted, Picture picture, Known before, String details)
            throws IOException, InterruptedException {
        String jobId = before.jobId();
        Target.JobEnd end = patience.ask(() -> target.ends(List.of(jobId))).get(jobId);
        if (end == null || end.end() == Target.End.FAILED) {
            sendAgain(wanted, picture, before, details);
        } else {
            jobs.follow(jobId, wanted);
        }
    }

    private void sendAgain(Wanted wanted, Picture picture, Known before, String details)
            throws IOException, InterruptedException {
        if (!picture.isUnchanged()) {
            send(wanted, picture, Optional.of(before), details);
            return;
        }
        try (Picture whole = source.get(wanted.picture(), Optional.empty())) {
            send(wanted, whole, Optional.of(before), details);
        } catch (UnusableSourceException e) {
            failed(wanted, "image", e.getMessage());
        }
    }

    @Override
    public void ended(Wanted wanted, String jobId, Target.JobEnd end) throws IOException {
        Optional<Known> sent = known.find(wanted.key());
        if (end.end() == Target.End.COMPLETED) {
            sent.ifPresent(one -> known.put(wanted.key(), one.done(end.version())));
            settled(What.INDEXED);
        } else {
            sent.ifPresent(one -> known.put(wanted.key(), one.failed()));
            failed(wanted, "image", end.reason());
        }
    }

    @Override
    public void lost(Wanted wanted, String jobId) throws IOException {
        known.find(wanted.key()).ifPresent(one -> known.put(wanted.key(), one.failed()));
        failed(wanted, "", "The service knows nothing of job " + jobId + " any more; import again");
    }

    private void settled(What what) {
        tally.add(what);
        tally.add(What.DONE);
        listener.progressed(tally.counts());
    }

    private void failed(Wanted wanted, String column, String cause) throws IOException {
        report.add(wanted, column, cause);
        settled(What.FAILED);
    }
}
