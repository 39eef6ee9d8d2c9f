"""Two versions on the same data: during a release, and after it is taken back, each must go on with what the other wrote.

`released.tar.xz` is the code of the last release with these modules; `make release` renews it. A version runs in a process of its own
(`python -m tests.releases`), and hands over tables, queues, streams and keys in a file.
"""
