// The forms that a repository can have, as shell scripts.

import Testing

/// One form: `script` makes it, with a change in the files of the directory that it prints.
struct RepositoryForm: CustomTestStringConvertible, Sendable {
  let name: String
  let script: String

  var testDescription: String { name }

  private static let start = """
    git init --quiet --initial-branch=main; seq 30 >a; seq 5 >keep; git add --all
    git commit --quiet --message base; seq 31 >a; git commit --quiet --all --message second
    """
  private static let change = "seq 2 31 >a; seq 7 >new; pwd -P"

  private init(_ name: String, _ lines: String) {
    self.name = name
    script = "\(Self.start)\n\(lines)\n\(Self.change)"
  }

  static let all = [
    RepositoryForm(
      "a merge commit as the base",
      """
      git checkout --quiet -b side HEAD~1; seq 5 >b; git add b; git commit --quiet -m side
      git checkout --quiet main; git merge --quiet --no-edit side
      """),
    RepositoryForm("a root commit as the base", "git update-ref HEAD HEAD~1"),
    RepositoryForm("a detached HEAD", "git checkout --quiet --detach"),
    RepositoryForm(
      "a linked worktree of a bare repository",
      """
      git clone --quiet --bare . ../bare.git; git -C ../bare.git worktree add -q ../linked main
      git -C ../bare.git worktree add -q ../other -b other; cd ../linked
      """),
    RepositoryForm(
      "a linked worktree of a bare repository in a directory .git",
      """
      git clone --quiet --bare . ../home/.git; cd ../home; git worktree add -q linked main
      cd linked
      """),
    RepositoryForm(
      "a linked worktree with a detached HEAD",
      "git worktree add -q --detach ../linked; cd ../linked"),
    RepositoryForm(
      "a submodule",
      """
      git clone --quiet . ../upstream; git init --quiet -b main ../super; cd ../super
      git -c protocol.file.allow=always submodule --quiet add ../upstream sub
      git commit --quiet -m super; cd sub
      """),
    RepositoryForm(
      "a linked worktree of a submodule",
      """
      git clone --quiet . ../upstream; git init --quiet -b main ../super; cd ../super
      git -c protocol.file.allow=always submodule --quiet add ../upstream sub
      git -C sub worktree add -q -b topic ../../linked; cd ../linked
      """),
    RepositoryForm(
      "a linked worktree of a bare repository with configuration per worktree",
      """
      git clone --quiet --bare . ../bare.git; cd ../bare.git
      git config extensions.worktreeConfig true; git config --unset core.bare
      git config --worktree core.bare true; git worktree add -q ../linked main; cd ../linked
      """),
    RepositoryForm(
      "a git directory elsewhere and core.worktree",
      """
      mkdir ../files; mv a keep ../files; git config core.worktree ../../files
      echo "gitdir: $PWD/.git" >../files/.git; cd ../files
      """),
    RepositoryForm("objects of another repository", "git clone -q --shared . ../c; cd ../c"),
    RepositoryForm(
      "objects of another repository, and theirs of a third",
      """
      git gc --quiet; git clone -q --shared . ../one; git clone -q --bare --shared ../one ../two
      git clone -q --reference ../two ../one ../c; cd ../c
      """),
    RepositoryForm(
      "packed objects and refs", "git gc --quiet; git pack-refs --all; git tag -a -m t v1"),
    RepositoryForm("a shallow clone", "git clone -q --depth 1 \"file://$PWD\" ../c; cd ../c"),
    RepositoryForm(
      "a path with blanks, quotes and other letters",
      "git clone -q . '../a \"b\" $(c) ü'; cd '../a \"b\" $(c) ü'"),
    RepositoryForm("a directory below the top", "mkdir below; cd below"),
    RepositoryForm("an unborn branch", "git update-ref -d HEAD"),
    RepositoryForm("an unborn branch and no index", "rm .git/index; git update-ref -d HEAD"),
    RepositoryForm("a separate git directory", "git init --quiet --separate-git-dir ../git.dir"),
    RepositoryForm("a git directory behind a link", "mv .git ../real; ln -s ../real .git"),
  ]
}
