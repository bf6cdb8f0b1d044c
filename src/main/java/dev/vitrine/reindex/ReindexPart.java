package dev.vitrine.reindex;

import dev.vitrine.archive.ArchivePart;
import dev.vitrine.clip.EncoderPart;
import dev.vitrine.decoder.PicturesPart;
import dev.vitrine.index.IndexClearing;
import dev.vitrine.index.IndexPart;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A new model while the service goes on. */
public final class ReindexPart implements Part {
    private static final Logger LOG = LoggerFactory.getLogger(ReindexPart.class);

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration LAST_STEP = Duration.ofSeconds(10);

    private final StateFile file;
    private final Path dataDir;
    private final EncoderPart encoder;
    private final PicturesPart pictures;
    private final IndexPart index;
    private final ArchivePart archive;
    private final boolean builds;
    private final long minFree;
    private final List<Thread> threads = new ArrayList<>();
    private Generations generations;
    private KeptPictures kept;
    private Originals originals;

    /**
     * @param file says which models there are
     * @param builds whether this process embeds
     * @param minFree bytes that the disk must have left
     */
    public ReindexPart(
            StateFile file,
            EncoderPart encoder,
            PicturesPart pictures,
            IndexPart index,
            ArchivePart archive,
            boolean builds,
            long minFree) {
        this.file = file;
        this.dataDir = file.folder();
        this.encoder = encoder;
        this.pictures = pictures;
        this.index = index;
        this.archive = archive;
        this.builds = builds;
        this.minFree = minFree;
    }

    /** Where pictures of uploads are kept. */
    public KeptPictures kept() {
        return kept;
    }

    /** Keeps vectors that came without their pictures from going missing. */
    public OwedVectors owedVectors() {
        return new OwedVectors(generations, kept);
    }

    /** Says where pictures came from that are not kept; called before {@link #open}. */
    public void takeFrom(Originals pictures) {
        originals = pictures;
    }

    /** Which models and collections there are. */
    public Generations generations() {
        return generations;
    }

    @Override
    public void open() {
        Generation first = new Generation(encoder.model(), pictures.preparer(), index.first());
        generations = new Generations(file, new GenerationLoader(encoder, pictures, index), first);
        index.collections().follow(generations::pair);
        kept = new KeptPictures(archive.archive(), dataDir, file::read);
        removeRetired();
        begin("reindex-state", this::follow);
        if (builds) {
            begin("reindex", new Builder(generations, new PictureSupply(kept, originals), dataDir, room(), grace()));
        }
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(Offer.of(
                "reindexing",
                Reindexing.class,
                () -> new Reindexing(
                        generations,
                        encoder.setting(),
                        dataDir,
                        archive.archive().isPresent(),
                        room())));
    }

    /** The embedded index is of one process, which sees its own file at once. */
    private Duration grace() {
        return index.settings().url().equals(IndexSettings.EMBEDDED) ? Duration.ZERO : GRACE;
    }

    private Room room() {
        return new Room(dataDir, index.settings(), minFree);
    }

    private void removeRetired() {
        if (file.read().other() == null) {
            kept.forget();
        }
        List<Integer> retired = file.read().retired();
        if (retired.isEmpty()) {
            return;
        }
        try {
            for (int generation : retired) {
                new IndexClearing(index.settings()).remove(generation);
            }
            file.update(ModelState::withoutRetired);
            LOG.info("Removed the vectors of the model before");
        } catch (RuntimeException e) {
            LOG.warn("The vectors of the model before are still there: {}", e.getMessage());
        }
    }

    /** Has loaded what is about to serve before a request needs it. */
    private void follow() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                generations.prepare();
            } catch (RuntimeException e) {
                LOG.debug("The model that is about to serve cannot be loaded", e);
            }
            try {
                Thread.sleep(LOOK.toMillis());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void begin(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
        threads.add(thread);
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(LAST_STEP.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (generations != null) {
            generations.close();
        }
    }
}
