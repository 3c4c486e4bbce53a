// The floor of the work: libgit2's list of changed files and the text of the first one's patch.
//
// usage: first_patch REPOSITORY [OLD NEW] (names of commits; without them the work tree)

#include <git2.h>

static git_tree *tree_of(git_repository *repository, const char *name) {
  git_object *object = NULL, *tree = NULL;
  if (git_revparse_single(&object, repository, name)) return NULL;
  git_object_peel(&tree, object, GIT_OBJECT_TREE);
  git_object_free(object);
  return (git_tree *)tree;
}

int main(int argc, char **argv) {
  git_repository *repository;
  git_diff *diff = NULL;
  git_patch *patch = NULL;
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  git_libgit2_init();
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  if (argc < 2 || git_repository_open(&repository, argv[1])) return 1;
  int failed = argc == 4
    ? git_diff_tree_to_tree(
        &diff, repository, tree_of(repository, argv[2]), tree_of(repository, argv[3]), &options)
    : git_diff_index_to_workdir(&diff, repository, NULL, &options);
  if (failed || git_patch_from_diff(&patch, diff, 0) || !patch) return 1;
  return git_patch_num_hunks(patch) == 0;
}
