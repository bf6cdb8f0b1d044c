package dev.vitrine.intake.drop;

import dev.vitrine.http.FormRules;
import dev.vitrine.http.ProblemException;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.job.JobStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.GenericFileOperations;
import org.apache.camel.component.file.GenericFileProcessStrategy;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drop folder for Camel's file component: as the {@code pollStrategy} of a consumer of this process's work folder it
 * first moves there what lies complete in the drop folder; as its {@code processStrategy} it moves what was taken to
 * {@code .done/} or, by the variable {@code folder}, to {@code .failed/}, and puts back what could not be taken now.
 */
public final class Inbox implements PollingConsumerPollStrategy, GenericFileProcessStrategy<File>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /** How long no picture is tried after one that could not be taken through no fault of its own. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** How often it is asked whether a process left something behind. */
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    private static final String DONE = ".done";
    private static final String FAILED = ".failed";

    private final Path inbox;
    private final WorkFolder work;
    private final Sweep sweep;
    private final Notes notes;
    private final Troubles troubles = new Troubles();
    private final JobWatch jobs;
    private final BooleanSupplier room;
    private final DropReader reader;
    private final Clock clock;
    private final Map<FileName, String> unsettled = new HashMap<>();
    private Instant nextTry = Instant.MIN;
    private Instant nextRecovery = Instant.MIN;
    private boolean waiting;
    private boolean polling;
    private FileName inHand;
    private String unusable;

    /**
     * @param inbox the drop folder
     * @param own this process's work folder, {@code .work/PROCESS} in the drop folder
     * @param maxBytes size of a picture file, at most
     * @param jobs where it is seen what became of a picture; empty without a queue
     * @param room whether anything can be taken now; until then files stay where they are
     * @param rules for what the JSON says, asked once something else is wrong with it
     */
    public Inbox(
            Path inbox,
            Path own,
            long maxBytes,
            PictureInspector inspector,
            Optional<JobStore> jobs,
            Clock clock,
            BooleanSupplier room,
            FormRules rules) {
        this(inbox, new WorkFolder(inbox, own, maxBytes, Moves.ATOMIC), maxBytes, inspector, jobs, clock, room, rules);
    }

    Inbox(
            Path inbox,
            WorkFolder work,
            long maxBytes,
            PictureInspector inspector,
            Optional<JobStore> jobs,
            Clock clock,
            BooleanSupplier room,
            FormRules rules) {
        this.reader = new DropReader(work, maxBytes, rules);
        this.inbox = inbox;
        this.work = work;
        this.jobs = new JobWatch(jobs, clock);
        this.clock = clock;
        this.room = room;
        this.notes = new Notes(inbox.resolve(FAILED));
        this.sweep = new Sweep(inbox, work, new Settling(inspector, clock), notes, troubles, inspector, clock);
    }

    /** Looks into the drop folder and takes what lies complete there. */
    @Override
    public synchronized boolean begin(Consumer consumer, Endpoint endpoint) {
        if (polling) {
            endedByError((GenericFileEndpoint<?>) endpoint);
        }
        polling = look();
        return polling;
    }

    /** The poll before this one did not end: an Error went through Camel, which then forgets to let go of its files. */
    private void endedByError(GenericFileEndpoint<?> endpoint) {
        endpoint.getInProgressRepository().clear();
        if (inHand != null) {
            notes.refused(inHand, "It cannot be taken, for an error of the program. Save it again, as JPEG or PNG.");
            settle(inHand, FAILED);
            inHand = null;
        }
    }

    /** @return whether anything may have been taken */
    synchronized boolean look() {
        if (isPausing() || !room.getAsBoolean()) {
            return false;
        }
        try {
            work.open();
            if (!clock.instant().isBefore(nextRecovery)) {
                work.recover();
                nextRecovery = clock.instant().plus(RECOVERY);
            }
            settleRest();
            jobs.failed().forEach(this::failedLater);
            sweep.run();
            if (unusable != null) {
                unusable = null;
                LOG.info("The drop folder {} can be used again", inbox);
            }
            return true;
        } catch (IOException e) {
            say(Refusals.cannot("be used", e));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            say("cannot be looked at: " + e);
        }
        return false;
    }

    /**
     * Replaces the headers by those of an upload, from the file's name and the JSON beside it; the body stays the
     * picture.
     *
     * @throws ProblemException when the JSON is malformed, with all that is wrong in it, or a file cannot be read
     * @throws IOException when a file that could be read cannot any more
     * @throws RejectedExecutionException when the folder has been told to wait since the file was taken
     */
    public synchronized void read(Exchange exchange) throws IOException {
        if (isPausing()) {
            throw new RejectedExecutionException("The drop folder waits");
        }
        reader.read(exchange.getMessage());
    }

    /** Lets the folder wait for a few seconds: its pictures are not at fault, and the next one would fare no better. */
    public synchronized void pause(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (isPausing()) {
            return;
        }
        troubles.failed(name(exchange), String.valueOf(failure.getMessage()));
        nextTry = clock.instant().plus(PAUSE);
        if (!waiting) {
            waiting = true;
            LOG.warn("The drop folder waits and is tried every {} s: {}", PAUSE.toSeconds(), failure.getMessage());
        }
    }

    /** Writes why a picture is refused. */
    public synchronized void explain(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        notes.refused(
                name(exchange),
                failure instanceof Error
                        ? "It cannot be looked at (" + failure.getClass().getSimpleName()
                                + "). Save it again, as JPEG or PNG."
                        : failure.getMessage());
    }

    @Override
    public synchronized void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        polling = false;
    }

    @Override
    public synchronized boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
        polling = false;
        say("cannot be looked at: " + cause);
        return false;
    }

    @Override
    public void prepareOnStartup(GenericFileOperations<File> operations, GenericFileEndpoint<File> endpoint) {
        // begin makes the folder
    }

    @Override
    public synchronized boolean begin(
            GenericFileOperations<File> operations,
            GenericFileEndpoint<File> endpoint,
            Exchange exchange,
            GenericFile<File> file) {
        FileName name = WorkFolder.nameOf(file.getFile().toPath());
        if (unsettled.containsKey(name)) {
            return false;
        }
        inHand = name;
        return true;
    }

    @Override
    public void abort(
            GenericFileOperations<File> operations,
            GenericFileEndpoint<File> endpoint,
            Exchange exchange,
            GenericFile<File> file) {
        // it is only waiting to be moved
    }

    /** The picture was taken or refused. */
    @Override
    public synchronized void commit(
            GenericFileOperations<File> operations,
            GenericFileEndpoint<File> endpoint,
            Exchange exchange,
            GenericFile<File> file) {
        FileName name = name(exchange);
        inHand = null;
        String folder = exchange.getVariable("folder", DONE, String.class);
        troubles.taken(name);
        if (folder.equals(DONE)) {
            if (waiting) {
                waiting = false;
                LOG.info("The drop folder goes on");
            }
            jobs.add(
                    exchange.getVariable("jobId", String.class),
                    name,
                    work.sidecar(name).map(WorkFolder::nameOf));
        }
        settle(name, folder);
    }

    /** The picture could not be taken now. */
    @Override
    public synchronized void rollback(
            GenericFileOperations<File> operations,
            GenericFileEndpoint<File> endpoint,
            Exchange exchange,
            GenericFile<File> file)
            throws IOException {
        inHand = null;
        work.giveBack(name(exchange));
    }

    /** Puts back what is not settled, for another process or the next. */
    @Override
    public synchronized void close() throws IOException {
        work.close();
    }

    private boolean isPausing() {
        return clock.instant().isBefore(nextTry);
    }

    private void settle(FileName name, String folder) {
        try {
            work.settle(name, folder);
        } catch (IOException e) {
            unsettled.put(name, folder);
            notes.once(name, "is taken, but cannot be moved to " + folder + " yet: " + e.getMessage());
        }
    }

    private void settleRest() {
        for (Map.Entry<FileName, String> rest : List.copyOf(unsettled.entrySet())) {
            unsettled.remove(rest.getKey());
            settle(rest.getKey(), rest.getValue());
        }
    }

    /** Only decoding showed that the picture is at fault. */
    private void failedLater(JobWatch.Failure failure) {
        setAside(failure.file());
        failure.sidecar().ifPresent(this::setAside);
        notes.refused(failure.file(), failure.reason());
    }

    private void setAside(FileName file) {
        try {
            Path failed = Files.createDirectories(inbox.resolve(FAILED));
            Moves.ATOMIC.move(file.in(inbox.resolve(DONE)), file.in(failed));
        } catch (IOException e) {
            // it is not there any more; the note says what became of it
        }
    }

    private void say(String problem) {
        if (!problem.equals(unusable)) {
            unusable = problem;
            LOG.warn("The drop folder {} {}", inbox, problem);
        }
    }

    /** The file as it was taken, whatever the route made of the body since. */
    private static FileName name(Exchange exchange) {
        GenericFile<?> file = exchange.getProperty("CamelFileExchangeFile", GenericFile.class);
        return WorkFolder.nameOf(((File) file.getFile()).toPath());
    }
}
