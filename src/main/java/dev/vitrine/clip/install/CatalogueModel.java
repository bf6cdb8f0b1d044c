package dev.vitrine.clip.install;

import java.util.List;

/**
 * A model that can be installed.
 *
 * @param name the name of its folder
 * @param title one line for people
 * @param repository owner and name on the model hub
 * @param revision commit, tag or branch
 * @param licence for people; may be empty
 * @param files at least one
 */
public record CatalogueModel(
        String name, String title, String repository, String revision, String licence, List<CatalogueFile> files) {

    public CatalogueModel {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name for a model: use letters, digits, dots, dashes and underscores");
        }
        if (!repository.matches("[A-Za-z0-9._-]+/[A-Za-z0-9._-]+") || !revision.matches("[A-Za-z0-9._/-]+")) {
            throw new IllegalArgumentException(name + " needs a repository such as owner/name, and a revision");
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(name + " has no files");
        }
    }

    /** Bytes to fetch, as far as they are known. */
    public long bytes() {
        return files.stream().mapToLong(file -> file.bytes().orElse(0)).sum();
    }
}
