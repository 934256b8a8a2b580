using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using Chuizi.Video.Client.Files;
using Microsoft.Win32.SafeHandles;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Writes and hashes what came of one transfer while more comes, and has the disk begin with it, so that little is left to do at the end.
/// What waits is bounded: a disk that is slower than the network slows the transfer down.
/// </summary>
internal sealed class PartWriter
{
    /// <summary>The length of a buffer, in bytes.</summary>
    public const int BufferLength = 128 * 1024;

    private const int MostWaiting = 8;
    private const long FlushLength = 16 * 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash;
    private readonly Channel<(byte[] Buffer, int Count)> _queue = Channel.CreateBounded<(byte[], int)>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });
    private readonly Task _work;
    private long _flushed;
    private Task _flushing = Task.CompletedTask;

    /// <summary>Begins to write at a place in a file.</summary>
    public PartWriter(SafeFileHandle file, IncrementalHash hash, long at)
    {
        _file = file;
        _hash = hash;
        Length = _flushed = at;
        _work = Task.Run(WriteAllAsync);
    }

    /// <summary>How long the file is, in bytes, when <see cref="CompleteAsync"/> has ended.</summary>
    public long Length { get; private set; }

    /// <summary>Has the first <paramref name="count"/> bytes of a buffer from the shared pool written; the buffer goes back there.</summary>
    /// <exception cref="ChannelClosedException">Writing has failed; <see cref="CompleteAsync"/> tells why.</exception>
    public ValueTask AddAsync(byte[] buffer, int count) => _queue.Writer.WriteAsync((buffer, count));

    /// <summary>Waits until all that was added is written.</summary>
    /// <exception cref="IOException">Some of it is not.</exception>
    public async Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        await _work.ConfigureAwait(false);
    }

    private async Task WriteAllAsync()
    {
        List<ReadOnlyMemory<byte>> batch = new(MostWaiting);
        List<byte[]> buffers = new(MostWaiting);
        try
        {
            while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (batch.Count < MostWaiting && _queue.Reader.TryRead(out (byte[] Buffer, int Count) next))
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
            // A failure is told of once, and to whoever flushed.
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
            // What .NET makes of that error, on every system.
            throw new IOException("It is too long for its file system.", exception) { HResult = DiskSpace.ErrnoTooLong };
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
