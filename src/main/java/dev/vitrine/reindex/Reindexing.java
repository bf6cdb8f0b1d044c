package dev.vitrine.reindex;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.clip.ModelException;
import dev.vitrine.http.ProblemException;
import dev.vitrine.reindex.ModelState.From;
import dev.vitrine.reindex.ModelState.Named;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.Header;

/** What an operator asks of a new model. */
public final class Reindexing {

    /** A generation as the API shows it. */
    public record GenerationView(@JsonProperty("generation") int generation, @JsonProperty("model") String model) {}

    /**
     * How far it is.
     *
     * @param other is filled or kept; null where there is none
     * @param from where pictures come from, {@code archive} or {@code manifest}; null where there is no other
     * @param phase {@code filling}, {@code closing}, {@code switched}, {@code kept}; null where there is no other
     */
    public record Status(
            @JsonProperty("serving") GenerationView serving,
            @JsonProperty("other") GenerationView other,
            @JsonProperty("from") String from,
            @JsonProperty("phase") String phase,
            @JsonProperty("rolls_back") boolean rollsBack,
            @JsonProperty("points") long points,
            @JsonProperty("compared") long compared,
            @JsonProperty("embedded") long embedded,
            @JsonProperty("missing") long missing,
            @JsonProperty("missing_examples") List<Progress.Missing> examples,
            @JsonProperty("problem") String problem) {}

    private final Generations generations;
    private final String setting;
    private final Path dataDir;
    private final boolean hasArchive;
    private final Room room;

    /**
     * @param setting what the settings say of the model
     * @param hasArchive whether pictures are kept
     */
    Reindexing(Generations generations, String setting, Path dataDir, boolean hasArchive, Room room) {
        this.generations = generations;
        this.setting = setting;
        this.dataDir = dataDir;
        this.hasArchive = hasArchive;
        this.room = room;
    }

    /** How far it is. */
    public Status status() {
        ModelState state = generations.state();
        Progress.Snapshot progress = state.phase() == null ? Progress.Snapshot.NONE : Progress.read(dataDir, state);
        return new Status(
                new GenerationView(
                        state.serving().generation(),
                        generations.serving().model().name()),
                state.other() == null ? null : new GenerationView(state.other().generation(), name(state.other())),
                state.other() == null ? null : from(state).word(),
                state.phase() == null ? null : state.phase().word(),
                state.rollsBack(),
                progress.points(),
                progress.compared(),
                progress.embedded(),
                progress.missing(),
                progress.examples(),
                progress.problem());
    }

    /**
     * Begins to fill a new generation; a build of the same model that goes on is let be, with what is allowed anew.
     *
     * @param model name or folder of an installed model
     * @param from {@code archive}, {@code manifest} for where imports had them, or null for the archive
     * @param allowMissing {@code true} where it may serve without the pictures that cannot be embedded; null for no
     * @throws ProblemException 400 where the model cannot be used, 409 where another build goes on or nothing keeps pictures
     */
    public synchronized Status start(
            @Header("model") String model, @Header("from") String from, @Header("allow_missing") String allowMissing) {
        boolean allows = allowsMissing(allowMissing);
        From where = from(from);
        if (model == null || model.isBlank()) {
            throw ProblemException.ofField(400, "model", "is missing; name an installed model (./vitrine model list)");
        }
        ModelState now = generations.state();
        if (now.isBuilding() && now.other().model().equals(model)) {
            if (from(now) != where) {
                throw conflict("The collection of " + model + " is being built from the "
                        + from(now).word() + "; end it first (--drop) to have it built from the " + where.word());
            }
            return refusing(() -> generations.file().update(state -> state.allowing(allows)));
        }
        if (where == From.ARCHIVE && !hasArchive) {
            throw conflict("Pictures are not kept here, so none can be embedded again: where imports brought them, have"
                    + " them fetched once more (--from manifest); else set VITRINE_ARCHIVE, restart, and send the"
                    + " pictures again; then ask for the model");
        }
        Generation serving = generations.serving();
        Named current = new Named(
                now.serving().generation(),
                now.serving().model() == null ? setting() : now.serving().model(),
                serving.model().fingerprint(),
                serving.model().dimensions());
        if (now.other() == null) {
            return refusing(() -> {
                Named next = load(now.next(), model, serving);
                return generations.file().update(state -> state.start(current, next, allows, where));
            });
        }
        return refusing(() -> now.start(current, null, allows, where)); // says why not
    }

    /**
     * Goes back to the generation that served before, with the uploads made since.
     *
     * @param allowMissing {@code true} where it may serve without pictures that cannot be embedded; null for no
     * @throws ProblemException 409 where there is none
     */
    public Status rollBack(@Header("allow_missing") String allowMissing) {
        boolean allows = allowsMissing(allowMissing);
        return refusing(() -> generations.file().update(state -> state.rollBack(allows)));
    }

    /**
     * Gives up the generation that does not serve; its vectors go at the next start.
     *
     * @throws ProblemException 409 where there is none
     */
    public Status drop() {
        return refusing(() -> generations.file().update(ModelState::dropped));
    }

    private Named load(int number, String model, Generation serving) {
        try {
            return generations.add(number, model, space -> {
                if (space.fingerprint().equals(serving.model().fingerprint())) {
                    throw ProblemException.ofField(400, "model", "makes the vectors that serve already");
                }
                room.check(serving.indexes().of(null).count(), space.dimensions());
            });
        } catch (ModelException | IllegalArgumentException e) {
            throw ProblemException.ofField(400, "model", "cannot be used: " + e.getMessage());
        }
    }

    /** {@code auto} may mean another model once that is installed. */
    private String setting() {
        return setting.equals("auto") ? generations.serving().model().name() : setting;
    }

    private Status refusing(Supplier<ModelState> change) {
        try {
            change.get();
        } catch (IllegalStateException e) {
            throw conflict(e.getMessage());
        }
        return status();
    }

    private static ProblemException conflict(String why) {
        return new ProblemException(409, why + ".", List.of());
    }

    private static From from(ModelState state) {
        return state.from() == null ? From.ARCHIVE : state.from();
    }

    private static From from(String text) {
        if (text == null || text.equals(From.ARCHIVE.word())) {
            return From.ARCHIVE;
        }
        if (text.equals(From.MANIFEST.word())) {
            return From.MANIFEST;
        }
        throw ProblemException.ofField(400, "from", "is neither archive nor manifest");
    }

    private static String name(Named named) {
        Path path = Path.of(named.model());
        return path.getFileName() == null ? named.model() : path.getFileName().toString();
    }

    /**
     * What a client says of missing pictures.
     *
     * @throws ProblemException 400 for a text that says nothing
     */
    public static boolean allowsMissing(String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw ProblemException.ofField(400, "allow_missing", "is neither true nor false");
    }
}
