# An SSH server for the tests, with its own keys, on a free loopback port. It does not use the user's keys, known hosts or server.

# Returns the reason why the server cannot run on this machine, or nothing.
function Get-SshObstacle {
    if ($IsWindows) {
        return 'On Windows the SSH server is a service of the machine.'
    }

    $missing = 'ssh', 'sshd', 'ssh-keygen' | Where-Object { -not (Find-SshProgram $_) }
    if ($missing) {
        "SSH remoting needs $($missing -join ', '), which this machine does not have."
    }
}

# sshd is often not on a user's PATH.
function Find-SshProgram([string] $Name) {
    (Get-Command $Name, "/usr/sbin/$Name", "/usr/local/sbin/$Name" -CommandType Application -TotalCount 1 -ErrorAction Ignore | Select-Object -First 1).Source
}

# Starts a server whose sessions have a home folder with this name. Options are parameters of New-PSSession. Servers in a folder share keys.
function Start-SshServer([string] $Folder, [string] $Name, [hashtable] $Environment = @{}) {
    $null = New-Item "$Folder/$Name" -ItemType Directory
    foreach ($key in 'host', 'user') {
        if (-not (Test-Path "$Folder/$key")) {
            & ssh-keygen -q -t ed25519 -N '' -C chuizi-test -f "$Folder/$key"
        }
    }

    $variables = $Environment + @{ HOME = "$Folder/$Name"; POWERSHELL_TELEMETRY_OPTOUT = '1' }
    $setting = $variables.GetEnumerator() | ForEach-Object { "$($_.Key)='$($_.Value)'" }

    # Run by root, sshd requires this folder, which the service normally creates.
    $chroot = '/run/sshd'
    $made = [Environment]::UserName -eq 'root' -and -not (Test-Path $chroot) ? (New-Item $chroot -ItemType Directory) : $null
    $pwsh = [Environment]::ProcessPath
    $arguments = [IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? "'$PSHOME/pwsh.dll'" : ''
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $port = $listener.LocalEndpoint.Port
    $listener.Stop()
    Set-Content "$Folder/$Name.conf" @"
Port $port
ListenAddress 127.0.0.1
HostKey $Folder/host
AuthorizedKeysFile $Folder/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem powershell $setting exec '$pwsh' $arguments -sshs -NoLogo -NoProfile
"@
    Add-Content "$Folder/known_hosts" ('127.0.0.1', 'localhost' | ForEach-Object { "[$_]:$port $(Get-Content "$Folder/host.pub")" })
    $process = Start-Process (Find-SshProgram sshd) -ArgumentList '-D', '-e', '-f', "$Folder/$Name.conf" -PassThru -RedirectStandardError "$Folder/$Name.log" -RedirectStandardOutput "$Folder/$Name.out"
    while (-not $process.HasExited -and -not (Select-String 'Server listening' "$Folder/$Name.log" -Quiet)) {
        Start-Sleep -Milliseconds 20
    }

    [pscustomobject]@{
        Home    = "$Folder/$Name"
        Port    = $port
        Process = $process
        Made    = $made
        Problem = $process.HasExited ? "sshd does not run here: $((Get-Content "$Folder/$Name.log") -join '; ')" : $null
        Options = @{
            UserName    = [Environment]::UserName
            KeyFilePath = "$Folder/user"
            Options     = @{
                UserKnownHostsFile    = "$Folder/known_hosts"
                GlobalKnownHostsFile  = '/dev/null'
                StrictHostKeyChecking = 'yes'
                IdentitiesOnly        = 'yes'
                IdentityAgent         = 'none'
                BatchMode             = 'yes'
            }
        }
    }
}

function Stop-SshServer($Server) {
    if (-not $Server.Process.HasExited) {
        $Server.Process.Kill($true)
    }

    $Server.Process.WaitForExit()
    $Server.Process.Dispose()
    if ($Server.Made) {
        Remove-Item $Server.Made -ErrorAction Ignore
    }
}
