using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using Chuizi.Video.Client.Files;
using Microsoft.Win32.SafeHandles;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Writes and hashes the bytes of one transfer while more arrive, and flushes them to disk regularly, so that little remains to do at the
/// end. The queue is bounded: if the disk is slower than the network, it slows the transfer down.
/// </summary>
internal sealed class PartWriter
{
    /// <summary>The length of a buffer, in bytes.</summary>
    public const int BufferLength = 128 * 1024;

    private const int MostQueued = 3;
    private const long FlushLength = 16 * 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash;
    private readonly Channel<(byte[] Buffer, int Count)> _queue = Channel.CreateBounded<(byte[], int)>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true, SingleWriter = true });
    private readonly Task _work;
    private long _flushed;
    private Task _flushing = Task.CompletedTask;

    /// <summary>Starts writing at a position in a file.</summary>
    public PartWriter(SafeFileHandle file, IncrementalHash hash, long position)
    {
        _file = file;
        _hash = hash;
        Length = _flushed = position;
        _work = Task.Run(WriteAllAsync);
    }

    /// <summary>The file's length in bytes, valid after <see cref="CompleteAsync"/>.</summary>
    public long Length { get; private set; }

    /// <summary>Queues the first <paramref name="count"/> bytes of a pooled buffer, which returns to the pool once written.</summary>
    /// <exception cref="ChannelClosedException">Writing has failed; <see cref="CompleteAsync"/> throws the cause.</exception>
    public ValueTask AddAsync(byte[] buffer, int count) => _queue.Writer.WriteAsync((buffer, count));

    /// <summary>Waits until everything that was added is written.</summary>
    /// <exception cref="IOException">Writing has failed.</exception>
    public async Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        await _work.ConfigureAwait(false);
    }

    private async Task WriteAllAsync()
    {
        List<ReadOnlyMemory<byte>> batch = new(MostQueued);
        List<byte[]> buffers = new(MostQueued);
        try
        {
            while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (batch.Count < MostQueued && _queue.Reader.TryRead(out (byte[] Buffer, int Count) next))
                {
                    buffers.Add(next.Buffer);
                    batch.Add(next.Buffer.AsMemory(0, next.Count));
                }

                Task write = WriteAsync(batch);
                try
                {
                    batch.ForEach(bytes => _hash.AppendData(bytes.Span));
                }
                finally
                {
                    await write.ConfigureAwait(false);
                }

                Length += batch.Sum(bytes => (long)bytes.Length);
                buffers.ForEach(buffer => ArrayPool<byte>.Shared.Return(buffer));
                batch.Clear();
                buffers.Clear();
                await FlushAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            _queue.Writer.TryComplete(exception);
            throw;
        }
        finally
        {
            // The system reports a failed flush only once, to the process that flushed, so do not lose the result.
            await _flushing.ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(List<ReadOnlyMemory<byte>> batch)
    {
        try
        {
            await RandomAccess.WriteAsync(_file, batch, Length).ConfigureAwait(false);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // .NET throws this for EFBIG on every platform.
            throw new IOException("The file is too large for its file system.", exception) { HResult = FileWriteErrors.ErrnoFileTooLarge };
        }
    }

    private async ValueTask FlushAsync()
    {
        if (Length - _flushed >= FlushLength && _flushing.IsCompleted)
        {
            await _flushing.ConfigureAwait(false);
            _flushed = Length;
            _flushing = Task.Run(() => RandomAccess.FlushToDisk(_file));
        }
    }
}
