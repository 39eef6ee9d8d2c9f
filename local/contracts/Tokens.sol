// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// Tokens for test chains, put at the addresses of the real contracts. Each variant behaves as some real token does.

/// An ERC-20 as far as payments need it: balances, transfers, and coins for every caller.
contract Token {
    event Transfer(address indexed from, address indexed to, uint256 value);

    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 value) external {
        unchecked {
            balanceOf[to] += value;
        }
    }

    function transfer(address to, uint256 value) external virtual returns (bool) {
        _move(to, value, 0);
        return true;
    }

    /// Moves value less a fee that vanishes on the way, and logs the whole value, as tokens with a fee do.
    function _move(address to, uint256 value, uint256 feeBasisPoints) internal {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value - (value * feeBasisPoints) / 10_000;
        emit Transfer(msg.sender, to, value);
    }
}

/// Takes one percent.
contract OnePercentToken is Token {
    function transfer(address to, uint256 value) external override returns (bool) {
        _move(to, value, 100);
        return true;
    }
}

/// Takes ten percent.
contract TenPercentToken is Token {
    function transfer(address to, uint256 value) external override returns (bool) {
        _move(to, value, 1_000);
        return true;
    }
}

/// Logs a transfer and moves nothing: a log is no proof of money.
contract SilentToken is Token {
    function transfer(address to, uint256 value) external override returns (bool) {
        emit Transfer(msg.sender, to, value);
        return true;
    }
}

/// Takes one percent, and its transfer returns nothing, as USDT's does on Ethereum.
contract OnePercentTokenWithoutAnswer {
    event Transfer(address indexed from, address indexed to, uint256 value);

    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 value) external {
        unchecked {
            balanceOf[to] += value;
        }
    }

    function transfer(address to, uint256 value) external {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value - value / 100;
        emit Transfer(msg.sender, to, value);
    }
}
